package phoneme_test

import (
	"strings"
	"testing"

	"github.com/lectern/lectern/phoneme"
)

func spell(v *phoneme.Inventory, t phoneme.Transcription) string {
	var b strings.Builder
	for i, s := range v.Spell(t) {
		switch {
		case i > 0 && s.Begins == phoneme.Word:
			b.WriteString(" / ")
		case i > 0:
			b.WriteByte(' ')
		}
		b.WriteString(s.Name)
		if s.Vowel {
			b.WriteString([]string{"0", "2", "1"}[s.Stress])
		}
	}
	return b.String()
}

func TestInventory(t *testing.T) {
	var v phoneme.Inventory
	for entry := range strings.FieldsSeq("p:p b:b t:t d:d k:k g:ɡ m:m n:n ng:ŋ f:f v:v s:s z:z sh:ʃ ch:tʃ h:h r:ɹ l:l " +
		"iy:iː ih:ɪ eh:ɛ ae:æ aa:ɑː ax:ə ow:oʊ ay:aɪ an:ɑ̃ Q:ʔ er:ɜː") {
		name, ipa, _ := strings.Cut(entry, ":")
		if name == "Q" {
			name = ""
		}
		if err := v.Add(name, ipa); err != nil {
			t.Fatal(err)
		}
	}
	for ipa, want := range map[string]string{
		"təˈmɑːtoʊ":    "t ax0 m aa1 t ow0",
		"ˌtɑˈtɑ":       "t aa2 t aa1",
		"ˈkætʃ ˈt͡ʃiʧ": "k ae1 ch / ch iy1 ch",
		"ˈkæt.ʃɪ":      "k ae1 t sh ih0", // not one sound across syllables
		"bɑ̃":          "b an0",
		"kɪtn̩":        "k ih0 t ax0 n",
		"kɪtɚ":         "k ih0 t ax0 r",
		"bɜ˞ː":         "b er0 r",
		"ʁ ɲ ɬ y":      "r / ng / s / iy0",
		"ˈʔɪʔ":         " ih1",
		"a":            "ae0",
		"ˈstɹɪŋ":       "s t r ih1 ng",
		"pʰæ̃":         "p ae0",
		"ˈs ˈm":        "s / m", // no vowel bears the stress
	} {
		got, err := phoneme.ParseIPA(ipa)
		if err != nil {
			t.Fatal(err)
		}
		if s := spell(&v, got); s != want {
			t.Errorf("%s is spelled %q, want %q", ipa, s, want)
		}
	}
	if err := v.Add("x", "3"); err == nil {
		t.Error("an entry that is no IPA was taken")
	}
	var none phoneme.Inventory
	if got := none.Spell(phoneme.Transcription{{Symbol: "a"}, {Symbol: "t͡ʃ"}}); len(got) != 0 {
		t.Errorf("of nothing %v is spelled", got)
	}
}

func FuzzSpell(f *testing.F) {
	var v phoneme.Inventory
	for name := range strings.FieldsSeq("t ʃ tʃ ə oʊ ɑː m ɹ") {
		if err := v.Add(name, name); err != nil {
			f.Fatal(err)
		}
	}
	for _, text := range []string{"təˈmɑːtoʊ", "n̩ɚ˞ˈɝ", "t͡ʃt͡ʃ k͡p", "ʔ a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := phoneme.ParseIPA(text)
		if err != nil {
			return
		}
		words := 0
		for _, s := range v.Spell(parsed) {
			if s.Name == "" || s.Stress != phoneme.Unstressed && !s.Vowel {
				t.Fatalf("%q: %+v", text, s)
			}
			if s.Begins == phoneme.Word {
				words++
			}
		}
		if words != len(parsed.Words()) {
			t.Fatalf("%q has %d words and is spelled with %d", text, len(parsed.Words()), words)
		}
	})
}
