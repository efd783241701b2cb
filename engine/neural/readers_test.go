package neural

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern/lectern/speech"
)

func show(words []Word) string {
	var all []string
	for _, w := range words {
		text := fmt.Sprintf("%d-%d %s", w.Start, w.End, w.Phonemes)
		if w.Space {
			text += "_"
		}
		all = append(all, text)
	}
	return strings.Join(all, " | ")
}

func TestTranscribed(t *testing.T) {
	told := func(start, end int, phonemes string) speech.Transcribed {
		return speech.Transcribed{Token: speech.Token{Start: start, End: end}, Phonemes: phonemes}
	}
	for _, c := range []struct {
		u    speech.Utterance
		want string
	}{
		{speech.Utterance{Text: "“Well, yes-no?”", Transcribed: []speech.Transcribed{told(3, 7, "wˈɛl"), told(9, 12, "jˈɛs"), told(13, 15, "nˈoʊ")}},
			"3-7 WˈƐL | 7-9 ,_ | 9-12 JˈƐS_ | 13-15 NˈOƱ | 15-19 ?_"},
		{speech.Utterance{Text: "¿Qué — 你。", Transcribed: []speech.Transcribed{told(2, 6, "kˈe")}}, "2-6 KˈE | 7-17 —._"},
		{speech.Utterance{Text: "...", Transcribed: nil}, "0-3 ..._"},
		// words that are read as one are heard apart, and sound the same
		{speech.Utterance{Text: "from the hill in 20", Transcribed: []speech.Transcribed{told(0, 8, "fɹʌmðə"), told(9, 13, "hˈɪl"), told(14, 19, "ɪn twˈɛnti")}},
			"0-4 FɹɅ | 5-8 MÐƏ_ | 9-13 HˈꞮL_ | 14-16 ꞮN_ | 17-19 TWˈƐNTI_"},
		// but a phrase that was given as one word is one
		{speech.Utterance{Text: "they say so", Transcribed: []speech.Transcribed{told(0, 8, "ðe"), told(9, 11, "s")},
			Pronunciations: []speech.Pronunciation{{Token: speech.Token{End: 8}, IPA: "ðe"}}}, "0-8 ÐE_ | 9-11 S_"},
		// what overlaps or lies outside is left out
		{speech.Utterance{Text: "ab", Transcribed: []speech.Transcribed{told(0, 2, "a"), told(1, 2, "b"), told(5, 9, "c")}}, "0-2 A_"},
	} {
		words, err := Transcribed(strings.ToUpper).Read(c.u)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(words); got != c.want {
			t.Errorf("%q is read as %q, want %q", c.u.Text, got, c.want)
		}
	}
}

func TestLetters(t *testing.T) {
	words, err := Letters().Read(speech.Utterance{Text: " Größe, ja "})
	if want := "1-9 gro\u0308ße,_ | 10-12 ja_"; err != nil || show(words) != want {
		t.Errorf("%q, want %q; %v", show(words), want, err)
	}
}
