package g2p

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	quotes      = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉"
	punctuation = "…,:;!?¿¡()[]{}<>_#*&。？！，、；：～·"
	icons       = "™®©°§¶†‡•"
	currencies  = "$£€¥฿₽₹₩₪₺₴₦₫₱₲₵₸₼₾₿"
)

var (
	// dollars are currencies of more than one sign.
	dollars = []string{"US$", "C$", "A$"}
	// units may follow a figure; longer ones are before those that they end in.
	units = longestFirst("km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h " +
		"kmh mph hPa Pa mbar mb MB kb KB gb GB tb TB T G M K %")
	clitics = []string{"'s", "'S", "’s", "’S"}
)

func longestFirst(words string) []string {
	list := strings.Fields(words)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

// prefix is the length of the sign that s begins with and that is a token of its
// own; 0 for none.
func prefix(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case 'a' <= r && r <= 'z':
		return 0
	case r == '.':
		if n := len(s) - len(strings.TrimLeft(s, ".")); n > 1 {
			return n
		}
		return 0
	case r == '+':
		if len(s) > 1 && isDigit(rune(s[1])) {
			return 0
		}
		return size
	case strings.ContainsRune("%=—–", r), strings.ContainsRune(punctuation, r), strings.ContainsRune(quotes, r),
		strings.ContainsRune(currencies, r), strings.ContainsRune(icons, r):
		return size
	}
	for _, dollar := range dollars {
		if strings.HasPrefix(s, dollar) {
			return len(dollar)
		}
	}
	return 0
}

// suffix is the length of the sign or ending that is cut off the end of s.
func suffix(s string) int {
	r, size := utf8.DecodeLastRuneInString(s)
	rest := s[:len(s)-size]
	before := last(rest)
	switch {
	case s == "":
		return 0
	case r == '.':
		return fullStop(s, rest, before)
	case r == '…' && before == '…':
		return 2 * size
	case r == '—', r == '–', r == '+' && isDigit(before),
		strings.ContainsRune(punctuation, r), strings.ContainsRune(quotes, r), strings.ContainsRune(icons, r):
		return size
	case strings.ContainsRune(currencies, r):
		return afterDigit(s, append(slices.Clip(dollars), s[len(s)-size:]))
	}
	for _, clitic := range clitics {
		if strings.HasSuffix(s, clitic) {
			return len(clitic)
		}
	}
	return afterDigit(s, units)
}

// fullStop is the length of the dots that end s, if they can be cut off. Not a dot
// after a capital letter: it may be an initial.
func fullStop(s, rest string, before rune) int {
	if n := len(s) - len(strings.TrimRight(s, ".")); n > 1 {
		return n
	}
	beforeThat, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(rest, string(before)))
	switch {
	case strings.ContainsRune("FfCcKk", before) && beforeThat == '°',
		isDigit(before), isLower(before),
		strings.ContainsRune("%²-+", before), strings.ContainsRune(punctuation, before), strings.ContainsRune(quotes, before),
		isUpper(before) && isUpper(beforeThat):
		return 1
	}
	return 0
}

// maxEnding is at least the length of the longest ending after a digit.
const maxEnding = 8

// afterDigit is the length of the first of endings that s has after a digit.
func afterDigit(s string, endings []string) int {
	if !strings.ContainsAny(s[max(0, len(s)-maxEnding-1):], "0123456789") {
		return 0
	}
	for _, ending := range endings {
		if n := len(s) - len(ending); n > 0 && isDigit(rune(s[n-1])) && s[n:] == ending {
			return len(ending)
		}
	}
	return 0
}

// joiners stand between letters or figures and a letter; the first that fits
// counts.
var joiners = []string{"-", "–", "—", "--", "---", "——", "~"}

// infix is the length of the sign at the beginning of s, after the character
// before, at which a word is cut.
func infix(s string, before rune) int {
	r, size := utf8.DecodeRuneInString(s)
	after := first(s[size:])
	switch {
	case strings.HasPrefix(s, ".."):
		return len(s) - len(strings.TrimLeft(s, "."))
	case r == '…', strings.ContainsRune(icons, r):
		return size
	case isDigit(before) && strings.ContainsRune("+-*^", r) && (isDigit(after) || after == '-'),
		r == '.' && (isLower(before) || strings.ContainsRune(quotes, before)) && (isUpper(after) || strings.ContainsRune(quotes, after)),
		r == ',' && isLetter(before) && isLetter(after):
		return size
	case !isAlnum(before):
		return 0
	case strings.ContainsRune(":<>=/", r) && isLetter(after):
		return size
	}
	for _, joiner := range joiners {
		if strings.HasPrefix(s, joiner) && isLetter(first(s[len(joiner):])) {
			return len(joiner)
		}
	}
	return 0
}
