package phoneme_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/phoneme"
)

// TestSamples are the words of the API's documentation, in both alphabets.
func TestSamples(t *testing.T) {
	for _, c := range []struct{ ipa, xsampa, want string }{
		{"ˌmænɪˈtoʊbə", `%m{nI"toUb@`, "ˌmænɪˈtoʊbə"},
		{"məˈhɑːɡəˌniː", `m@"hA:g@%ni:`, "məˈhɑːɡəˌniː"},
		{"ˌʌndɚˈwɑːtɚ", "%Vnd@`\"wA:t@`", "ˌʌndɚˈwɑːtɚ"},
		{"ˌɹiː.də.ˈbɪ.lə.tiː", `%r\i:.d@."bI.l@.ti:`, "ˌɹiː.dəˈbɪ.lə.tiː"},
		{"ˈkæts", `"k{ts`, "ˈkæts"},
		{"ˈkɛtəl", `"kEt@l`, "ˈkɛtəl"},
		{"ˈbʌtɚ", "\"bVt@`", "ˈbʌtɚ"},
		{"ˈdɑːgz", `"dA:gz`, "ˈdɑːɡz"},
		{"təˈmeɪtoʊ", `t@"meItoU`, "təˈmeɪtoʊ"},
		{"pɪˈkɑːn", `pI"kA:n`, "pɪˈkɑːn"},
		{"tʃ t͡ʃ ʧ t͜ʃ", "tS t_S t_S t_S", "tʃ t͡ʃ t͡ʃ t͡ʃ"},
		{"d͡ʒ", "d_Z", "d͡ʒ"},
		{"ɓɗʄɠʛ", `b_<d_<J\_<g_<G\_<`, "ɓɗʄɠʛ"},
		{"ɑ̃ bɔ̃", "A~ bO~", "ɑ̃ bɔ̃"},
		{"tʰ n̩ eˑ ə̆ i̥ kʼ ɜ˞", "t_h n= e:\\ @_X i_0 k_> 3`", ""},
		{"m\u00e3 \u0129", "ma~ i~", "ma\u0303 i\u0303"},
		{"ǃ ǀ ǁ ɻ", "!\\ |\\ |\\|\\ r\\`", "ǃ ǀ ǁ ɻ"},
		{"ma˥˥", "", "ma˥˥"},
		{"  a | b‖c ", " a | b||c ", "a b c"},
		{"pa'ta:", `pa"ta:`, "paˈtaː"},
		{"iːː", "i::", "iːː"},
		{"leza‿mi", `leza-\mi`, "lezami"},
	} {
		got, err := phoneme.ParseIPA(c.ipa)
		if err != nil {
			t.Errorf("ParseIPA(%q): %v", c.ipa, err)
			continue
		}
		if c.want != "" && got.String() != c.want {
			t.Errorf("ParseIPA(%q) is %q, want %q", c.ipa, got, c.want)
		}
		if c.xsampa == "" {
			continue
		}
		same, err := phoneme.ParseXSAMPA(c.xsampa)
		if err != nil {
			t.Errorf("ParseXSAMPA(%q): %v", c.xsampa, err)
		}
		if c.want != "" && same.String() != c.want {
			t.Errorf("ParseXSAMPA(%q) is %q, want %q", c.xsampa, same, c.want)
		}
	}
}

func TestTranscription(t *testing.T) {
	got, err := phoneme.ParseIPA("ˈbʌ.tɚː ˌt͡ʃi")
	if err != nil {
		t.Fatal(err)
	}
	want := phoneme.Transcription{
		{Symbol: "b", Begins: phoneme.Word, Stress: phoneme.Primary},
		{Symbol: "ʌ"},
		{Symbol: "t", Begins: phoneme.Syllable},
		{Symbol: "ɚ", Length: phoneme.Long},
		{Symbol: "t͡ʃ", Begins: phoneme.Word, Stress: phoneme.Secondary},
		{Symbol: "i"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if words := got.Words(); len(words) != 2 || words[1].String() != "ˌt͡ʃi" {
		t.Errorf("words %v", words)
	}
	for i, vowel := range []bool{false, true, false, true, false, true} {
		if got[i].Vowel() != vowel {
			t.Errorf("%s is a vowel: %v", got[i], !vowel)
		}
	}
}

// TestOrderOfMarks: spellings that look the same are the same.
func TestOrderOfMarks(t *testing.T) {
	for _, pair := range [][2]string{{"ɑ̃ː", "ɑː\u0303"}, {"t̪ʰ", "tʰ\u032a"}, {"ç", "c\u0327"}, {"\u00e3", "a\u0303"}, {"aː", "a:"}} {
		a, errA := phoneme.ParseIPA(pair[0])
		b, errB := phoneme.ParseIPA(pair[1])
		if errA != nil || errB != nil || !slices.Equal(a, b) {
			t.Errorf("%+q is %+v, %v; %+q is %+v, %v", pair[0], a, errA, pair[1], b, errB)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		parse        func(string) (phoneme.Transcription, error)
		text, symbol string
		offset       int
	}{
		{phoneme.ParseIPA, "", "", 0},
		{phoneme.ParseIPA, " . ", "", 3},
		{phoneme.ParseIPA, "ˈ", "", 2},
		{phoneme.ParseIPA, "tə3", "3", 3},
		{phoneme.ParseIPA, "WAO", "W", 0},
		{phoneme.ParseIPA, "aéß", "ß", 3},
		{phoneme.ParseIPA, "ˈˌa", "ˌ", 2},
		{phoneme.ParseIPA, "ˈ.a", ".", 2},
		{phoneme.ParseIPA, "ːa", "ː", 0},
		{phoneme.ParseIPA, "t͡", "", 3},
		{phoneme.ParseIPA, "t͡s͡ʃ", "͡", 4},
		{phoneme.ParseIPA, "a\xff", "\xff", 1},
		{phoneme.ParseIPA, "a˥˥˥˥˥˥˥", "˥", 13},
		{phoneme.ParseIPA, "/a/", "/", 0},
		{phoneme.ParseXSAMPA, "W AO1", "", -1}, // is X-SAMPA, though it was meant as ARPAbet
		{phoneme.ParseXSAMPA, "t@0", "0", 2},
		{phoneme.ParseXSAMPA, "a_<", "_", 1},
		{phoneme.ParseXSAMPA, "t`s", "", -1},
		{phoneme.ParseXSAMPA, "m`", "`", 1},
		{phoneme.ParseXSAMPA, "ma(", "(", 2},
		{phoneme.ParseXSAMPA, "æ", "æ", 0},
		{phoneme.ParseXSAMPA, `a"`, "", 2},
	} {
		_, err := c.parse(c.text)
		var what *phoneme.Error
		if c.offset < 0 {
			if err != nil {
				t.Errorf("%q: %v", c.text, err)
			}
			continue
		}
		if !errors.As(err, &what) {
			t.Errorf("%q: %v, want an *Error", c.text, err)
			continue
		}
		if what.Offset != c.offset || what.Symbol != c.symbol || what.Reason == "" {
			t.Errorf("%q: %+v, want the symbol %q at %d", c.text, what, c.symbol, c.offset)
		}
	}
	_, err := phoneme.ParseIPA("tə☃")
	if err == nil || err.Error() != `at byte 3: "☃" ([U+2603]) is no symbol of the IPA` {
		t.Errorf("%v", err)
	}
}

func TestNearest(t *testing.T) {
	english := strings.Fields("p b t d k ɡ m n ŋ f v θ ð s z ʃ ʒ h ɹ j w l i ɪ ɛ æ ɑ ɔ ʊ u ʌ ə ɝ")
	for symbol, want := range map[string]string{
		"t": "t", "ʈ": "t", "q": "k", "ɢ": "ɡ", "ɲ": "ŋ", "ʁ": "ɹ", "r": "ɹ", "ʀ": "ɹ", "ɕ": "ʃ", "ç": "ʃ", "β": "v", "ɸ": "f", "ʋ": "v",
		"ɬ": "s", "ʎ": "l", "ɓ": "b", "y": "i", "ø": "ɪ", "œ": "ɛ", "ɯ": "u", "ɐ": "ʌ", "ɒ": "ɑ", "a": "æ", "e": "ɪ", "o": "ʊ", "ɚ": "ɝ", "ħ": "h",
		"t͡ʃ": "t",
	} {
		if got := phoneme.Nearest(symbol, english); got != want {
			t.Errorf("%s is most like %s, want %s", symbol, got, want)
		}
	}
	if got := phoneme.Nearest("a", nil); got != "" {
		t.Errorf("of nothing %q is nearest", got)
	}
}

// check holds what every parse promises.
func check(t *testing.T, parse func(string) (phoneme.Transcription, error), text string) {
	got, err := parse(text)
	if err != nil {
		var what *phoneme.Error
		if !errors.As(err, &what) || what.Offset < 0 || what.Offset > len(text) || !strings.HasPrefix(text[what.Offset:], what.Symbol) {
			t.Fatalf("%q: %#v", text, err)
		}
		return
	}
	again, err := phoneme.ParseIPA(got.String())
	if err != nil || !slices.Equal(again, got) {
		t.Fatalf("%q is %q, %+v; that is %+v, %v", text, got, got, again, err)
	}
	if got[0].Begins != phoneme.Word {
		t.Fatalf("%q begins %+v", text, got[0])
	}
}

func FuzzParseIPA(f *testing.F) {
	for _, text := range []string{"ˌmænɪˈtoʊbə", "ˌɹiː.də.ˈbɪ.lə.tiː", "t͡ʃ ʧ d͡ʒ", "təmei̥ɾou̥", "c\u0327 ã", "ma˥˥ iːː", "ˈ.", "a\xff", "n̩ˈ", "|a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { check(t, phoneme.ParseIPA, text) })
}

func FuzzParseXSAMPA(f *testing.F) {
	for _, text := range []string{`m@"hA:g@%ni:`, `%r\i:.d@."bI.l@.ti:`, "t_S d_z` |\\|\\", "J\\_<a_B_L_H_T", "3`:\\ @` a~", "k_p_h", "a_", "''"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { check(t, phoneme.ParseXSAMPA, text) })
}
