package g2p

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/phoneme"
)

// FromIPA writes a pronunciation in the International Phonetic Alphabet, one of
// espeak-ng or one that a user gave, in the alphabet of the model. The language is
// "en-GB", or any other for the American sounds. Stress marks go directly before
// the vowel; what English lacks becomes the likest of its sounds; what is no sound
// is left out. Words remain apart.
func FromIPA(ipa, language string) string {
	sounds := american
	if language == "en-GB" {
		sounds = british
	}
	var out []rune
	stress := rune(0) // waits for its vowel
	ipa = ties.Replace(ipa)
	for ipa != "" {
		from, to := sounds.match(ipa)
		r, size := utf8.DecodeRuneInString(ipa)
		switch {
		case from != "":
			size = len(from)
		case r == 'ˈ' || r == 'ˌ':
			if stress != 'ˈ' {
				stress = r
			}
		case isSpace(r):
			if stress = 0; len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case isSyllabic(r):
			out, stress = syllabic(out, stress), 0
		default:
			to = sounds.nearest(r)
		}
		for _, sound := range to {
			if stress != 0 && strings.ContainsRune(vowels+"ᵊ", sound) {
				out, stress = append(out, stress), 0
			}
			out = append(out, sound)
		}
		ipa = ipa[size:]
	}
	return strings.TrimSpace(string(out))
}

// ties takes out ties, and boundaries of syllables, which the model has no sign
// for.
var ties = strings.NewReplacer("͡", "", "͜", "", "\u200d", "", ".", "", "‿", "", "ˑ", "", "g", "ɡ", "ʦ", "ts", "ʣ", "dz")

func isSyllabic(mark rune) bool { return mark == '\u0329' || mark == '\u030d' }

// syllabic puts a weak vowel before the last sound.
func syllabic(out []rune, stress rune) []rune {
	if len(out) == 0 || out[len(out)-1] == ' ' {
		return out
	}
	sound := out[len(out)-1]
	out = out[:len(out)-1]
	if stress != 0 {
		out = append(out, stress)
	}
	return append(out, 'ᵊ', sound)
}

// inventory is how sounds of the IPA are written for one country: pairs of IPA and
// the model's alphabet.
type inventory struct {
	pairs   map[string]string
	longest int      // in bytes, of the IPA in pairs
	own     []string // the sounds that stand for themselves
}

const (
	common = "aɪ I aʊ W eɪ A ɔɪ Y dʒ ʤ tʃ ʧ r ɹ ɻ ɹ ʁ ɹ ʀ ɹ x k ç k χ k ʔ t ʍ w ɫ l ɬ l e ɛ ɐ ə ɘ ə " +
		"ɲ nj ɳ n β v ɸ f ɣ ɡ ʎ lj ʲ j ˠ _ ɚ əɹ "
	americanPairs = common + "oʊ O əʊ O ɜː ɜɹ ɜːɹ ɜɹ ɜɹ ɜɹ ɝ ɜɹ ɝː ɜɹ ɜ˞ ɜɹ ə˞ əɹ əɹ əɹ ɚɹ əɹ ɪə iə eə ɛə o O oː ɔ oɹ ɔɹ oːɹ ɔɹ " +
		"a ɑ aː ɑ ɒ ɑ ɾ T"
	britishPairs = common + "oʊ Q əʊ Q eə ɛː ɛə ɛː ɝ ɜː ɜː ɜː ɜ ɜː o ɔ oː ɔː æ a aː ɑː ɑː ɑː ɑ ɑː ɔː ɔː iː iː uː uː ɛː ɛː ᵻ ɪ ɾ t"
	ownSounds    = "b d f h j k l m n p s t v w z ð ŋ ɡ ɹ ʃ ʒ ʤ ʧ θ i u ɔ ə ɛ ɪ ʊ ʌ ᵊ "
)

var (
	american = newInventory(americanPairs, ownSounds+"æ ɑ ɜ ᵻ")
	british  = newInventory(britishPairs, ownSounds+"a ɒ")
)

func newInventory(pairs, own string) *inventory {
	v := &inventory{pairs: map[string]string{}, own: strings.Fields(own)}
	words := strings.Fields(pairs)
	for i := 0; i+1 < len(words); i += 2 {
		v.pairs[words[i]] = strings.Trim(words[i+1], "_")
		v.longest = max(v.longest, len(words[i]))
	}
	for _, sound := range v.own {
		if _, ok := v.pairs[sound]; !ok {
			v.pairs[sound] = sound
		}
	}
	return v
}

// match is the longest sound that ipa begins with, and how it is written; empty if
// there is none.
func (v *inventory) match(ipa string) (from, to string) {
	for n := min(v.longest, len(ipa)); n > 0; n-- {
		if n < len(ipa) && !utf8.RuneStart(ipa[n]) {
			continue
		}
		if to, ok := v.pairs[ipa[:n]]; ok {
			return ipa[:n], weakL(ipa[:n], ipa[n:], to)
		}
	}
	return "", ""
}

// weakL is to, but for a weak vowel before an l that ends a syllable.
func weakL(from, rest, to string) string {
	if after, ok := strings.CutPrefix(rest, "l"); ok && from == "ə" {
		r := first(after)
		if r != 'ˈ' && r != 'ˌ' && !strings.ContainsRune("aeioæɑɒɔəɛɜɪʊʌuɐɚɝᵻ", r) {
			return "ᵊ"
		}
	}
	return to
}

// nearest is the sound of this inventory most like another one; empty if r is no
// sound.
func (v *inventory) nearest(r rune) string {
	if !unicode.IsLetter(r) {
		return ""
	}
	if _, err := phoneme.ParseIPA(string(r)); err != nil {
		return ""
	}
	return v.pairs[phoneme.Nearest(string(r), v.own)]
}
