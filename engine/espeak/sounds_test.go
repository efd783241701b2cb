// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	"context"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/phoneme"
)

// TestSpell asks the library what it makes of the mnemonics for a transcription.
// It puts stress marks before vowels, and has taps and other habits of its own.
func TestSpell(t *testing.T) {
	for _, c := range []struct{ voice, ipa, want string }{
		{"gmw/en-US", "təˈmɑːtoʊ", "təmˈɑːɾoʊ"},
		{"gmw/en-US", "təˈmeɪtoʊ", "təmˈeɪɾoʊ"},
		{"gmw/en-US", "ˌmænɪˈtoʊbə", "mˌænᵻtˈoʊbə"},
		{"gmw/en-US", "məˈhɑːɡəˌniː", "məhˈɑːɡənˌiː"},
		{"gmw/en-US", "ˌʌndɚˈwɑːtɚ", "ˌʌndɚwˈɑːɾɚ"},
		{"gmw/en-US", "ˈkæts", "kˈæts"},
		{"gmw/en-US", "ˈkɛtəl", "kˈɛɾəl"},
		{"gmw/en-US", "ˈt͡ʃɜː.t͡ʃ ˈdʒʌdʒ", "tʃˈɜːtʃ dʒˈʌdʒ"},
		{"gmw/en-US", "bɔ̃ʒuʁ", "bɔ̃ʒur"},
		{"gmw/en-US", "ˈbaʁt", "bˈært"},
		{"gmw/en", "ˈwɔːtə", "wˈɔːtə"},
		{"gmw/de", "ˈʃtʁaːsə ˈçeːmiː", "ʃtrˈaːsə çˈeːmiː"},
		{"roa/fr", "bɔ̃ˈʒuʁ", "bɔ̃ʒˈuʁ"},
		{"roa/es", "ˈɡeɾa", "ɡˈeɾa"},
		{"zle/ru", "mɐˈskva", "məskvˈɑ"},
		{"sit/cmn-Latn-pinyin", "ni xau", "ni xau"},
		{"jpx/ja", "toːkʲoː", "to̞kʲo̞"},
	} {
		core, err := startCore(context.Background(), c.voice, 100)
		if err != nil {
			t.Errorf("%s: %v", c.voice, err)
			continue
		}
		sounds, err := phoneme.ParseIPA(c.ipa)
		if err != nil {
			t.Fatal(err)
		}
		words, err := core.spell(context.Background(), []driver.Pronounced{{Sounds: sounds}})
		if err != nil {
			t.Fatal(err)
		}
		heard, err := core.heardAs(context.Background(), words[0].mnemonics)
		if got := strings.Join(heard, " "); err != nil || got != c.want {
			t.Errorf("%s: %s is spelled %q and heard as %s (%v), want %s", c.voice, c.ipa, words[0].mnemonics, got, err, c.want)
		}
		core.close()
	}
}
