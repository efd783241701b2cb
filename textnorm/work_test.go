package textnorm

import (
	"strings"
	"testing"
)

// lookedAt is how often rules look at tokens to read a text.
func lookedAt(tag, text string) int {
	l := ForLanguage(tag).language
	r := &reader{language: l}
	clean := Clean(text)
	ForLanguage(tag).read(r, text, clean, nil)
	return r.looked
}

// Texts on which a rule that looks far ahead could take quadratic time: four times
// the text is at most a little more than four times the work.
func TestWorkIsLinear(t *testing.T) {
	const size = 1 << 11
	for _, unit := range []string{"1", "1,", "1,000,", "1.", "1-", "1/", "1:", "a", "a.", "a-", "a1", "A", "A.", "@", "a@", "/", "/a", "$", "$1", "(", "(1", "+1", "'", "1 ", "1 x ",
		"Dr. ", "12 S ", "I ", "July ", "25 July ", "http://", "=", "* ", "😀", "👩‍", "½", "\u0301", "\uFE0F", "1 000 ", "a_", "a;", "-a", "-1", "1 - ", "W", "&a", "[", "[a](", "<b", "|a", "| ",
		"([{", ".,", "\u0301\u0323", "1./", "Mt 5,", "1:2.", "DE89 ", "*1", "a·", "Gen 1:1-", "3x", "3x3x", "1]", "(1)", "12;", "1,1 ", "1-2kg ", "1 : 2 ", "m²", "kg/a", "S1E", "1! ", "3. 5. ", "II ",
		"\"1\" ", "1\" ", "5 m·m·", "5 m s⁻¹ ", "1:30/", "1:30,", "no. 1/2/", "1.2., ", "1.30, ", "1-oz ", "1,234,", "5 kg/m/", "m (", "3/10 "} {
		for _, tag := range []string{"en-US", "de", "es", "fr", "it", "pt"} {
			small, large := lookedAt(tag, strings.Repeat(unit, size/len(unit))), lookedAt(tag, strings.Repeat(unit, 4*size/len(unit)))
			if large > 5*small+1000 {
				t.Errorf("%s: %q takes %d looks, four times of it %d", tag, unit, small, large)
			}
		}
	}
}

// A list of numbers without white space may be as long as a book. Each is read
// without asking what else it could be: that takes some two hundred looks.
func TestListsAreReadAtOnce(t *testing.T) {
	const numbers, most = 2000, 30
	for _, unit := range []string{"1,", "12;", "(1)", "1]", "1990;", "{7}"} {
		for _, tag := range []string{"en-US", "de", "es", "fr", "it", "pt"} {
			if looks := lookedAt(tag, strings.Repeat(unit, numbers)) / numbers; looks > most {
				t.Errorf("%s: each number of %q takes %d looks, the most is %d", tag, unit, looks, most)
			}
		}
	}
}

// A megabyte without white space is read piece by piece: what takes a number, a word or
// a sign is a few looks, whatever stands beside it. Where rules are asked it takes some
// two hundred.
func TestClutterIsReadAtOnce(t *testing.T) {
	const size, most = 600, 8 // bytes, as in the longest sentence; looks for each token
	for _, unit := range []string{"1,", "1,1", "1+", "1-", "1/", "1:", "1.", "1x", "1;", "1=", "1%", "1°", "1€", "€1", "$1", "§1", "#1", "@1", "1&", "1'", "1\"",
		"(1)", "[1]", "{1}", "((1", "1)", "1(", "I.", "V.", "I,", "I-", "(I)", "I1", "1I", "IV.", "I+", "I/", "1.1,", "12.5,", "12:30,", "1-2,", "1/2/", "1:1", "1.1.1,",
		".,", "(.", ").(", "(),", ".-", "...,", "1a", "a1", "a.", "a-", "1kg", "1km/", "1\u0301", "a\u0301", "(\u0301", "\u0301", "\u0301\u0323"} {
		for _, tag := range []string{"en-US", "de", "es", "fr", "it", "pt"} {
			text := strings.Repeat(unit, size/len(unit))
			tokens := len(tokenize(nil, Clean(text).Text, nil))
			if looks := lookedAt(tag, text); looks > most*tokens {
				t.Errorf("%s: %q many times takes %d looks for %d tokens, the most is %d", tag, unit, looks, tokens, most*tokens)
			}
		}
	}
}
