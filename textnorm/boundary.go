package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nearby is how far from a boundary it is looked for words, in bytes.
const nearby = 64

const (
	closers = `)]}"'”’»›`
	openers = `([{"'“‘„«‹¿¡`
)

// endsSentence reports whether the end of before, where Unicode ends a sentence
// of one paragraph, does end it, given what comes after. It looks at a few
// words on either side only.
func endsSentence(before, after string) bool {
	body := strings.TrimRightFunc(tail(before, 4*nearby), unicode.IsSpace)
	inner := strings.TrimRight(body, closers)
	end, _ := utf8.DecodeLastRuneInString(inner)
	next := head(strings.TrimLeftFunc(head(after, nearby), unicode.IsSpace), nearby)
	switch {
	case inner == "", unicode.IsLetter(end), unicode.IsDigit(end):
		return false // only white space, or the end of a stretch
	case end != '.':
		// “Are you sure?” she asked.
		return len(inner) == len(body) || !startsLower(next)
	case len(inner) != len(body), strings.HasSuffix(inner, ".."):
		return true
	}
	start := strings.LastIndexFunc(inner, unicode.IsSpace) + 1
	word := strings.TrimLeft(strings.TrimSuffix(inner[start:], "."), openers)
	if alone := strings.TrimSpace(inner[:start]) == "" && len(before) < nearby; alone && isNumeral(word) {
		return false // the number of a list or a heading
	}
	next = strings.TrimLeft(next, openers)
	return !goesOn(word, next) && !countsOn(inner[:start], word, next)
}

// countsOn reports whether a number and its full stop are an ordinal before next,
// as in der 2. Weltkrieg, or two letters are parts of one abbreviation: z. B.
func countsOn(before, word, next string) bool {
	c, size := utf8.DecodeRuneInString(next)
	if size > 0 && unicode.IsLetter(c) && strings.HasPrefix(next[size:], ".") && utf8.RuneCountInString(word) == 1 && startsLower(word) {
		return true
	}
	if strings.HasPrefix(next, "J.-C") {
		return true // av. J.-C.
	}
	if len(word) > 3 || strings.Trim(word, "0123456789") != "" || !unicode.IsLetter(c) {
		return false
	}
	name := next[:len(next)-len(strings.TrimLeftFunc(next, unicode.IsLetter))]
	if countedNames[name] {
		return true
	}
	words := strings.Fields(before)
	if len(words) == 0 || startsSentence(next) || germanStarters[name] {
		return false
	}
	last := words[len(words)-1]
	if sharedMonths[name] && strings.HasSuffix(last, ",") {
		return true // Montag, 14. August
	}
	if last == "am" && len(words) > 1 && words[len(words)-2] == "I" {
		return false // English: I am 5. He is 6.
	}
	return ordinalsFollow[strings.ToLower(last)]
}

var (
	// ordinalsFollow are German words behind which a number and a full stop is an
	// ordinal.
	ordinalsFollow = set("der das dem den des am im vom zum zur beim ab seit jeder jede jedes jedem jeden dieser diesem")
	// countedNames are nouns that a number before them counts off: months, and what
	// else is rarely counted otherwise.
	countedNames = set(`Januar Jänner Februar März Mai Juni Juli Oktober Dezember Mär Okt Dez
		Jahrhundert Jahrhunderts Jahrtausend Weltkrieg Weltkriegs Bundesliga Geburtstag Jahrestag Spieltag Quartal Halbjahr Obergeschoss Untergeschoss`)
	// sharedMonths are months that are written alike in English, where they may
	// begin a sentence.
	sharedMonths = set("April August September November Jan Feb Apr Jun Jul Aug Sep Sept Nov")
)

// goesOn reports whether a sentence may go on behind word and its full stop
// when next follows.
func goesOn(word, next string) bool {
	lower := strings.ToLower(word)
	switch abbreviations[lower] {
	case always:
		return true
	case beforeNumber:
		c, _ := utf8.DecodeRuneInString(next)
		return unicode.IsDigit(c)
	case beforeName:
		return !startsSentence(next)
	case nameBeforeName:
		return word != lower && !startsSentence(next)
	}
	if isInitial(word) || isDotted(word) {
		return !startsSentence(next)
	}
	return false
}

// isInitial reports whether word is one capital letter, as in J. S. Bach.
func isInitial(word string) bool {
	c, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsUpper(c)
}

// isDotted reports whether word is letters with full stops between, as in U.S.
// or Ph.D. (the last one is gone).
func isDotted(word string) bool {
	if !strings.Contains(word, ".") {
		return false
	}
	for part := range strings.SplitSeq(word, ".") {
		if part == "" || len(part) > 3 || strings.IndexFunc(part, unicode.IsLetter) < 0 {
			return false
		}
	}
	return true
}

// isNumeral reports whether word is a short number, Roman ones included.
func isNumeral(word string) bool {
	return word != "" && len(word) <= 6 &&
		(strings.Trim(word, "0123456789.") == "" || strings.Trim(word, "IVXLC") == "")
}

// startsSentence reports whether text begins with a word that, in capitals,
// nearly always begins a sentence.
func startsSentence(text string) bool {
	end := strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })
	if end < 0 {
		end = len(text)
	}
	if end < len(text) && text[end] == '.' {
		return false // rather an initial
	}
	return starters[text[:end]]
}

func startsLower(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(c)
}

// tail is the last n bytes of s, or fewer so that no character is cut.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	for s != "" && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}

// head is the first n bytes of s.
func head(s string, n int) string { return s[:min(len(s), n)] }
