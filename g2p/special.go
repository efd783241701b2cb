package g2p

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// signWords are the words of signs that the dictionary's rules read.
var signWords = map[string]string{"%": "percent", "&": "and", "+": "plus", "@": "at"}

// word is how a word is spoken: by the special cases, as it stands, or without its
// ending.
func (l *lexicon) word(text, tag string, wanted wish, before next) (string, bool) {
	if phonemes, ok := l.special(text, tag, wanted, before); ok {
		return phonemes, true
	}
	if small := lower(text); l.knownSmall(text, small, tag, wanted, before) {
		text = small
	}
	if l.known(text) {
		return l.lookup(text, tag, wanted, before)
	}
	if stem, ok := strings.CutSuffix(text, "'"); ok {
		if strings.HasSuffix(stem, "s") && l.known(stem[:len(stem)-1]+"'s") {
			return l.lookup(stem[:len(stem)-1]+"'s", tag, wanted, before)
		}
		if l.known(stem) {
			return l.lookup(stem, tag, wanted, before)
		}
	}
	if phonemes, ok := l.withS(text, tag, wanted, before); ok {
		return phonemes, true
	}
	if phonemes, ok := l.withED(text, tag, wanted, before); ok {
		return phonemes, true
	}
	if wanted == asIs {
		wanted = some
	}
	return l.withING(text, tag, wanted, before)
}

// knownSmall says that a word with capitals is to be read as that in small letters:
// it is unknown so, and not a name.
func (l *lexicon) knownSmall(text, small, tag string, wanted wish, before next) bool {
	if text == small || !every(strings.ReplaceAll(text, "'", ""), unicode.IsLetter) {
		return false
	}
	length := utf8.RuneCountInString(text)
	rest := text[runeLen(text):]
	if length < 2 || tag == "NNP" && length <= 7 || l.gold.has(text) || l.silver.has(text) || !sameUpper(text) && !sameLower(rest) {
		return false
	}
	if l.gold.has(small) || l.silver.has(small) {
		return true
	}
	_, ok := l.withS(small, tag, wanted, before)
	if !ok {
		_, ok = l.withED(small, tag, wanted, before)
	}
	if !ok {
		_, ok = l.withING(small, tag, wanted, before)
	}
	return ok
}

// special reads words that change with what is around them, signs, and letters
// with dots between.
func (l *lexicon) special(text, tag string, wanted wish, before next) (string, bool) {
	if tag == "ADD" { // an address
		switch text {
		case ".":
			return l.lookup("dot", "", less, before)
		case "/":
			return l.lookup("slash", "", less, before)
		}
	}
	if name, ok := signWords[text]; ok {
		return l.lookup(name, "", asIs, before)
	}
	if isDotted(text) {
		return l.spell(text)
	}
	if len(text) > len("versus") { // none of the following
		return "", false
	}
	switch text {
	case "a", "A":
		if tag == "DT" {
			return "ɐ", true
		}
		return "ˈA", true
	case "am", "Am", "AM":
		switch {
		case strings.HasPrefix(tag, "NN"):
			return l.spell(text)
		case before.sound == pause || text != "am" || wanted == some || wanted == strong:
			return l.own("am", "DEFAULT"), true
		}
		return "ɐm", true
	case "an", "An", "AN":
		if text == "AN" && strings.HasPrefix(tag, "NN") {
			return l.spell(text)
		}
		return "ɐn", true
	case "I":
		if tag == "PRP" {
			return "ˌI", true
		}
	case "by", "By", "BY":
		if parent(tag) == "ADV" {
			return "bˈI", true
		}
	case "to", "To", "TO":
		if text != "TO" || tag == "TO" || tag == "IN" {
			return [...]string{pause: l.own("to", "DEFAULT"), vowel: "tʊ", consonant: "tə"}[before.sound], true
		}
	case "in", "In", "IN":
		switch {
		case text == "IN" && tag == "NNP":
		case before.sound == pause || tag != "IN":
			return "ˈɪn", true
		default:
			return "ɪn", true
		}
	case "the", "The", "THE":
		switch {
		case text == "THE" && tag != "DT":
		case before.sound == vowel:
			return "ði", true
		default:
			return "ðə", true
		}
	case "used", "Used", "USED":
		if (tag == "VBD" || tag == "JJ") && before.to {
			return l.own("used", "VBD"), true
		}
		return l.own("used", "DEFAULT"), true
	}
	if tag == "IN" && (strings.EqualFold(text, "vs") || strings.EqualFold(text, "vs.")) {
		return l.lookup("versus", "", asIs, before)
	}
	return "", false
}

// own is a reading that a word has in the gold dictionary.
func (l *lexicon) own(word, tag string) string {
	found, _ := l.gold.get(word)
	phonemes, _ := found.as(tag, midSpeech)
	return phonemes
}

// isDotted says that text is letters in ones and twos with dots between, as "e.g."
// is.
func isDotted(text string) bool {
	inner := strings.Trim(text, ".")
	if !strings.Contains(inner, ".") {
		return false
	}
	run := 0
	for _, r := range text {
		switch {
		case r == '.':
			run = 0
		case !unicode.IsLetter(r):
			return false
		default:
			run++
		}
		if run > 2 {
			return false
		}
	}
	return true
}
