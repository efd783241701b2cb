package g2p_test

import (
	"fmt"
	"log"
	"os"

	"github.com/lectern/lectern/g2p"
)

// The directory is hibari/assets of the wheel of hibari-tts; nobody guesses at
// unknown words, so they are spelled.
func Example() {
	english, err := g2p.Open(os.DirFS("voices/hibari"), "en-US", nil)
	if err != nil {
		log.Fatal(err)
	}
	words, err := english.Words("Lectern reads: I read it yesterday.", []g2p.Given{{
		Start: 0, End: len("Lectern"), Phonemes: g2p.FromIPA("ˈlɛktɚn", "en-US"),
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g2p.Join(words))
}

func ExampleFromIPA() {
	fmt.Println(g2p.FromIPA("həˈloʊ t͡ʃɜːt͡ʃ", "en-US"))
	fmt.Println(g2p.FromIPA("həˈləʊ t͡ʃɜːt͡ʃ", "en-GB"))
	// Output:
	// həlˈO ʧɜɹʧ
	// həlˈQ ʧɜːʧ
}
