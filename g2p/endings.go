package g2p

import (
	"strings"
	"unicode/utf8"
)

// midSpeech is a place in the middle of speech, for words that no text has.
var midSpeech = next{sound: consonant}

// flaps are the sounds after which an American t between vowels is a flap.
const flaps = "AIOWYiuæɑəɛɪɹʊʌ"

// The endings -s, -ed and -ing, of words that are known without.

func (l *lexicon) withS(word, tag string, wanted wish, before next) (string, bool) {
	long := utf8.RuneCountInString(word)
	if long < 3 || !strings.HasSuffix(word, "s") {
		return "", false
	}
	ies := strings.HasSuffix(word, "ies")
	stem := ""
	switch n := len(word); {
	case !strings.HasSuffix(word, "ss") && l.known(word[:n-1]):
		stem = word[:n-1]
	case (strings.HasSuffix(word, "'s") || long > 4 && strings.HasSuffix(word, "es") && !ies) && l.known(word[:n-2]):
		stem = word[:n-2]
	case long > 4 && ies && l.known(word[:n-3]+"y"):
		stem = word[:n-3] + "y"
	default:
		return "", false
	}
	phonemes, ok := l.lookup(stem, tag, wanted, before)
	return l.s(phonemes), ok && phonemes != ""
}

func (l *lexicon) withED(word, tag string, wanted wish, before next) (string, bool) {
	long := utf8.RuneCountInString(word)
	if long < 4 || !strings.HasSuffix(word, "d") {
		return "", false
	}
	stem := ""
	switch n := len(word); {
	case !strings.HasSuffix(word, "dd") && l.known(word[:n-1]):
		stem = word[:n-1]
	case long > 4 && strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "eed") && l.known(word[:n-2]):
		stem = word[:n-2]
	default:
		return "", false
	}
	phonemes, ok := l.lookup(stem, tag, wanted, before)
	return l.ed(phonemes), ok && phonemes != ""
}

func (l *lexicon) withING(word, tag string, wanted wish, before next) (string, bool) {
	long := utf8.RuneCountInString(word)
	if long < 5 || !strings.HasSuffix(word, "ing") {
		return "", false
	}
	stem := ""
	switch n := len(word); {
	case long > 5 && l.known(word[:n-3]):
		stem = word[:n-3]
	case l.known(word[:n-3] + "e"):
		stem = word[:n-3] + "e"
	case long > 5 && isDoubled(word[:n-3]) && l.known(word[:n-4]):
		stem = word[:n-4]
	default:
		return "", false
	}
	phonemes, _ := l.lookup(stem, tag, wanted, before)
	phonemes = l.ing(phonemes)
	return phonemes, phonemes != ""
}

// isDoubled says that stem ends in a consonant twice, or in ck.
func isDoubled(stem string) bool {
	n := len(stem)
	return stem[n-1] == stem[n-2] && strings.IndexByte("bcdgklmnprstvxz", stem[n-1]) >= 0 || strings.HasSuffix(stem, "ck")
}

// s is a word in phonemes with its ending -s.
func (l *lexicon) s(phonemes string) string {
	end := last(phonemes)
	switch {
	case phonemes == "":
		return ""
	case strings.ContainsRune("ptkfθ", end):
		return phonemes + "s"
	case strings.ContainsRune("szʃʒʧʤ", end):
		return phonemes + l.weak() + "z"
	}
	return phonemes + "z"
}

// weak is the vowel of endings.
func (l *lexicon) weak() string {
	if l.british {
		return "ɪ"
	}
	return "ᵻ"
}

// ed is the same for -ed.
func (l *lexicon) ed(phonemes string) string {
	end := last(phonemes)
	switch {
	case phonemes == "":
		return ""
	case strings.ContainsRune("pkfθʃsʧ", end):
		return phonemes + "t"
	case end == 'd':
		return phonemes + l.weak() + "d"
	case end != 't':
		return phonemes + "d"
	case l.british || phonemes == "t":
		return phonemes + "ɪd"
	case isFlap(phonemes):
		return phonemes[:len(phonemes)-1] + "ɾᵻd"
	}
	return phonemes + "ᵻd"
}

// ing is the same for -ing; empty where British English has no such form.
func (l *lexicon) ing(phonemes string) string {
	switch end := last(phonemes); {
	case phonemes == "", l.british && (end == 'ə' || end == 'ː'):
		return ""
	case !l.british && isFlap(phonemes):
		return phonemes[:len(phonemes)-1] + "ɾɪŋ"
	}
	return phonemes + "ɪŋ"
}

// isFlap says that phonemes end in a t that becomes a flap before a vowel.
func isFlap(phonemes string) bool {
	stem, ok := strings.CutSuffix(phonemes, "t")
	return ok && stem != "" && strings.ContainsRune(flaps, last(stem))
}
