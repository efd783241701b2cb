package g2p

import "testing"

func TestFromIPA(t *testing.T) {
	for _, c := range []struct{ ipa, american, british string }{
		{"həˈloʊ", "həlˈO", "həlˈQ"},
		{"həlˈəʊ", "həlˈO", "həlˈQ"},
		{"ˈɹɛd", "ɹˈɛd", "ɹˈɛd"},
		{"ˈt͡ʃɜːt͡ʃ", "ʧˈɜɹʧ", "ʧˈɜːʧ"},
		{"dʒʌdʒ", "ʤʌʤ", "ʤʌʤ"},
		{"ˈwɔːɾɚ", "wˈɔTəɹ", "wˈɔːtəɹ"},
		{"bˈɜːɹd", "bˈɜɹd", "bˈɜːɹd"},
		{"bˈɝd", "bˈɜɹd", "bˈɜːd"},
		{"ˈlɪtəl", "lˈɪtᵊl", "lˈɪtᵊl"},
		{"ˈlɪtl̩", "lˈɪtᵊl", "lˈɪtᵊl"},
		{"ˈbʌtn̩", "bˈʌtᵊn", "bˈʌtᵊn"},
		{"ˈkæt", "kˈæt", "kˈat"},
		{"ˈstɹɔŋ.ɡɚ", "stɹˈɔŋɡəɹ", "stɹˈɔŋɡəɹ"},
		{"ˌɪn.tɚˈnæʃ.ə.nəl", "ˌɪntəɹnˈæʃənᵊl", "ˌɪntəɹnˈaʃənᵊl"},
		{"fɔːɹ ɡoʊ", "fɔɹ ɡO", "fɔːɹ ɡQ"},
		{"haʊ naʊ", "hW nW", "hW nW"},
		{"ˈlɒx", "lˈɑk", "lˈɒk"},
		{"tʁɛ", "tɹɛ", "tɹɛ"},
		{"ˈmyːslɪ", "mˈislɪ", "mˈislɪ"},
		{"gəʊ", "ɡO", "ɡQ"},
		{"ˈ ˌ ː 7 ?", "", ""},
		{"", "", ""},
	} {
		if got := FromIPA(c.ipa, "en-US"); got != c.american {
			t.Errorf("FromIPA(%q, en-US) = %q, want %q", c.ipa, got, c.american)
		}
		if got := FromIPA(c.ipa, "en-GB"); got != c.british {
			t.Errorf("FromIPA(%q, en-GB) = %q, want %q", c.ipa, got, c.british)
		}
	}
}
