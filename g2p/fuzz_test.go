package g2p

import (
	"slices"
	"strings"
	"testing"
)

// hostile are texts in which something repeats: each rule that looks ahead or back
// meets what it looks for, over and over.
func hostile(times int) []string {
	var texts []string
	for _, part := range []string{"(", ")", "a", "A", "aB", "ABc", "'", "a'", "'a", "’", "-", "a-", "1", "1,", ",,1", "1.", "a1", "a.", "aa.", ".", "…", "/", "a/", "$", "1$", "5km",
		"\"x", "x\"", "a,", "é", "²", "1²", "x_", "\xff", "a\xff", "“a”", "2b", "a@", "a@b.", "www.", "·", "'s", "s'", "a's", "cats", "ed", "ing", "%", "&", "a&", "~a", "=a", "—a", "cat-", "cat1", "B-", "-1"} {
		texts = append(texts, strings.Repeat(part, times))
	}
	return texts
}

func FuzzWords(f *testing.F) {
	e := openSmall(f)
	for _, text := range slices.Concat(hostile(40), soup(60), writtenSentences()) {
		f.Add(text, 3, 7)
	}
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		words, err := e.Words(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkWords(t, e, text, words)
		if words, err = e.Words(text, []Given{{start, end, "kˈæt?ɾ"}}); err != nil {
			return
		}
		checkWords(t, e, text, words)
		part := strings.TrimFunc(text[start:end], isSpace)
		if i := slices.IndexFunc(words, func(w Word) bool { return start <= w.Start && text[w.Start:w.End] == part && w.End <= end }); i < 0 || words[i].Phonemes != "kˈæt?T" {
			t.Errorf("%q: no word of %+v is at %d to %d", text, words, start, end)
		}
	})
}

// checkWords says what no text may lead to.
func checkWords(t *testing.T, e *English, text string, words []Word) {
	t.Helper()
	end := 0
	for _, w := range words {
		if w.Start < end || w.End <= w.Start || w.End > len(text) {
			t.Fatalf("%q: %+v after %d", text, w, end)
		}
		if between := text[end:w.Start]; strings.TrimFunc(between, isSpace) != "" {
			t.Errorf("%q: %q is in no word", text, between)
		}
		if got := e.vocabulary(w.Phonemes); got != w.Phonemes {
			t.Errorf("%q: %+v has what the model has not", text, w)
		}
		end = w.End
		if after := text[end:]; w.Space != (after != "" && isSpace(first(after))) {
			t.Errorf("%q: %+v and white space", text, w)
		}
	}
	if strings.TrimFunc(text[end:], isSpace) != "" {
		t.Errorf("%q: %q is in no word", text, text[end:])
	}
}

func FuzzFromIPA(f *testing.F) {
	for _, ipa := range []string{"həˈloʊ", "ˈlɪtl̩", "ˈmyːslɪ", "\u0329", "ˈ\u0329", "ˌˈa b", "t͡ʃ\xff", "əl", "əlˈa", "ɜ˞ɹ"} {
		f.Add(ipa)
	}
	f.Fuzz(func(t *testing.T, ipa string) {
		for _, c := range []struct {
			language string
			sounds   *inventory
		}{{"en-US", american}, {"en-GB", british}} {
			got := FromIPA(ipa, c.language)
			for i, r := range got {
				switch {
				case strings.ContainsRune("AIOQWYT ɜɑːɐ", r), slices.Contains(c.sounds.own, string(r)):
				case strings.ContainsRune("ˈˌ", r) && strings.ContainsRune(vowels+"ᵊ", first(got[i+len("ˈ"):])):
				default:
					t.Errorf("FromIPA(%q, %q) = %q: %q", ipa, c.language, got, r)
				}
			}
		}
	})
}
