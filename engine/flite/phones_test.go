package flite

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/phoneme"
	"github.com/lectern/lectern/speech"
)

func TestSpell(t *testing.T) {
	for ipa, want := range map[string]string{
		"təˈmɑːtoʊ":               "t ax0 m aa1 t ow0",
		"təˈmeɪtoʊ":               "t ax0 m ey1 t ow0",
		"ˌmænɪˈtoʊbə":             "m ae1 n ih0 t ow1 b ax0",
		"məˈhɑːgəˌniː":            "m ax0 hh aa1 g ax0 n iy1",
		"ˌʌndɚˈwɑːtɚ":             "ah1 n d er0 w aa1 t er0",
		"ˌɹiː.də.ˈbɪ.lə.tiː":      "r iy1 d ax0 b ih1 l ax0 t iy0",
		"ˈkæts":                   "k ae1 t s",
		"ˈkɛtəl":                  "k eh1 t ax0 l",
		"ˈkɪtn̩":                  "k ih1 t ax0 n",
		"t͡ʃɜːt͡ʃ ˈdʒʌdʒ":         "ch er0 ch|jh ah1 jh",
		"bɔ̃ˈʒuʁ":                 "b ow0 n zh uw1 r",
		"ˈʔaxt":                   "aa1 k t",
		"ˈʒɛɲ":                    "zh eh1 n y",
		strings.Repeat("ma", 100): strings.Repeat("m aa0 ", 49) + "m aa0|" + strings.Repeat("m aa0 ", 49) + "m aa0",
	} {
		sounds, err := phoneme.ParseIPA(ipa)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(spell(sounds), "|"); got != want {
			t.Errorf("%.60s is spelled %q, want %q", ipa, got, want)
		}
	}
}

// TestEveryPhoneIsSaid: the table names phones that every voice has.
func TestEveryPhoneIsSaid(t *testing.T) {
	engine := New()
	for _, voice := range New().Info().Voices {
		for entry := range strings.FieldsFuncSeq(phones, func(r rune) bool { return r == '|' || r == '\n' }) {
			ipa := entry[strings.LastIndexByte(entry, ' ')+1:]
			u := speech.Utterance{Text: "it", Voice: voice.EngineName,
				Pronunciations: []speech.Pronunciation{{Token: speech.Token{End: 2}, IPA: "bʌ" + ipa + "ʌb"}}}
			var heard enginetest.Recorder
			if err := engine.Speak(context.Background(), u, &heard); err != nil || len(heard.Events) != 1 {
				t.Errorf("%s: %s gave %d events, %v", voice.Name, ipa, len(heard.Events), err)
			}
		}
	}
}

// TestPronouncedAsInTheLexicon: a word said as the lexicon has it sounds as
// without a pronunciation, sample by sample, on every voice.
func TestPronouncedAsInTheLexicon(t *testing.T) {
	engine := New()
	for word, ipa := range map[string]string{
		"tomato": "təˈmeɪˌtoʊ", "mahogany": "məˈhɑːɡəniː", "underwater": "ˈʌndɚˌwɔːtɚ",
		"water": "ˈwɔːtɚ", "cats": "ˈkæts", "kettle": "ˈkɛtəl", "church": "ˈt͡ʃɝtʃ", "judge": "ˈd͡ʒʌdʒ", "boys": "ˈbɔɪz",
		"thing": "ˈθɪŋ", "vision": "ˈvɪʒən", "yellow": "ˈjɛloʊ", "house": "ˈhaʊs", "good": "ˈɡʊd", "shoe": "ˈʃuː", "mine": "ˈmaɪn",
	} {
		for _, voice := range New().Info().Voices {
			text := "You say " + word + ", right?"
			u := speech.Utterance{Text: text, Voice: voice.EngineName}
			var plain, said enginetest.Recorder
			if err := engine.Speak(context.Background(), u, &plain); err != nil {
				t.Fatal(err)
			}
			u.Pronunciations = []speech.Pronunciation{{Token: speech.Token{Start: 8, End: 8 + len(word)}, IPA: ipa}}
			if err := engine.Speak(context.Background(), u, &said); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(plain.Frames, said.Frames) || !slices.Equal(plain.Events, said.Events) {
				t.Errorf("%s: %s said as %s sounds different", voice.Name, word, ipa)
			}
		}
	}
}
