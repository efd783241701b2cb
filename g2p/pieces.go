package g2p

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a token: of "iPhone" there are two, "i" and "Phone".
type piece struct {
	token
	head     bool   // a word begins with it
	gap      bool   // it is spoken apart from the piece before
	alias    string // read this instead
	currency string // the sign before the amount of which this is the end
}

// group is a word: pieces without white space between.
type group []piece

// isPunctuationTag says that tokens with a tag are signs, spoken as themselves.
func isPunctuationTag(tag string) bool {
	switch tag {
	case ".", ",", "-LRB-", "-RRB-", "``", `""`, "''", ":", "$", "#", "NFP":
		return true
	}
	return false
}

const (
	pauses = ";:,.!?—…"     // signs of the model's alphabet that are heard
	signs  = pauses + `"“”` // and those that are not but change how it speaks
)

// groups cuts tokens into pieces and joins them to words.
func groups(tokens []token) []group {
	pieces := make([]piece, 0, len(tokens)+8)
	starts := make([]int, 0, len(tokens)+1) // of groups, in pieces
	open := false                           // the last group takes more
	currency := ""
	for i, t := range tokens {
		start := len(pieces)
		pieces = appendPieces(pieces, t)
		for j := start; j < len(pieces); j++ {
			p := &pieces[j]
			lastOne := j+1 == len(pieces)
			switch {
			case p.read:
			case p.tag == "$" && (p.text == "$" || p.text == "£" || p.text == "€"):
				currency = p.text
				p.read = true
			case p.tag == ":" && (p.text == "-" || p.text == "–"):
				p.read, p.phonemes = true, "—"
			case isPunctuationTag(p.tag) && !every(p.text, isASCIILetter):
				p.read, p.phonemes = true, sign(p.tag, p.text)
			case currency != "" && p.tag != "CD":
				currency = ""
			case currency != "" && lastOne && (i+1 == len(tokens) || tokens[i+1].tag != "CD"):
				p.currency = currency
			case currency == "" && j > start && !lastOne && p.text == "2" &&
				unicode.IsLetter(last(pieces[j-1].text)) && unicode.IsLetter(first(pieces[j+1].text)):
				p.alias = "to"
			}
			alone := p.read || p.alias != ""
			if open && !alone {
				p.head = false
			} else {
				starts = append(starts, j)
			}
			open = !alone && !p.space
		}
	}
	words := make([]group, len(starts))
	for i, start := range starts {
		end := len(pieces)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		words[i] = pieces[start:end:end]
	}
	return words
}

func isASCIILetter(r rune) bool { r |= 0x20; return 'a' <= r && r <= 'z' }

// sign is how punctuation is spoken.
func sign(tag, text string) string {
	switch tag {
	case "-LRB-":
		return "("
	case "-RRB-":
		return ")"
	case "``":
		return "“"
	case `""`, "''":
		return "”"
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(signs, r) {
			return r
		}
		return -1
	}, text)
}

// appendPieces cuts one token. Quotes that are between no letters are in none of
// the texts; the places of the pieces hold them all the same.
func appendPieces(pieces []piece, t token) []piece {
	if t.read {
		return append(pieces, piece{token: t, head: true})
	}
	count := len(pieces)
	for pos := 0; pos < len(t.text); {
		n := pieceLen(t.text, pos)
		if n == 0 {
			pos += runeLen(t.text[pos:])
			continue
		}
		p := piece{token: token{text: t.text[pos : pos+n], tag: t.tag}, head: true}
		p.start = t.start + pos
		pieces = append(pieces, p)
		pos += n
	}
	made := pieces[count:]
	for i := range made {
		if made[i].end = t.end; i+1 < len(made) {
			made[i].end = made[i+1].start
		}
	}
	made[0].start = t.start
	made[len(made)-1].space = t.space
	return pieces
}

// pieceLen is the length of the piece of text at pos; 0 for a quote that is left
// out.
func pieceLen(text string, pos int) int {
	s := text[pos:]
	r, size := utf8.DecodeRuneInString(s)
	next, nextSize := utf8.DecodeRuneInString(s[size:])
	switch {
	case isQuote(r):
		run := span(s, isQuote)
		if pos == 0 || run > size || run == len(s) {
			return run
		}
		return camel(s)
	case isUpper(r) && isUpper(next) && isLower(first(s[size+nextSize:])): // the A of ABc
		return size
	case r == '-' && pos == 0:
		if n := figures(s[1:]); n > 0 {
			return 1 + n
		}
		return span(s, isBar)
	case isBar(r):
		return span(s, isBar)
	}
	if n := figures(s); n > 0 {
		return n
	}
	if !isLetter(r) {
		return size
	}
	if n := camel(s); n > 0 {
		return n
	}
	n := span(s, isLetter)
	return n + elisions(s[n:])
}

func isBar(r rune) bool { return r == '-' || r == '_' }

// span is the length of what s begins with of a class.
func span(s string, class func(rune) bool) int {
	for i, r := range s {
		if !class(r) {
			return i
		}
	}
	return len(s)
}

// figures is the length of digits, before each of which a dot or comma may stand.
func figures(s string) int {
	n := 0
	for n < len(s) {
		at := n
		if s[at] == '.' || s[at] == ',' {
			at++
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		if !unicode.IsDigit(r) {
			break
		}
		n = at + size
	}
	return n
}

// elisions is the length of quotes each of which has one letter after it.
func elisions(s string) int {
	n := 0
	for {
		r, size := utf8.DecodeRuneInString(s[n:])
		letter, letterSize := utf8.DecodeRuneInString(s[n+size:])
		if !isQuote(r) || !isLetter(letter) {
			return n
		}
		n += size + letterSize
	}
}

// camel is the length of what ends in a small letter before a capital, such as the
// i of iPhone; 0 if there is none.
func camel(s string) int {
	n := 0
	for {
		r, size := utf8.DecodeRuneInString(s[n:])
		if isLower(r) && isUpper(first(s[n+size:])) {
			return n + size
		}
		if !isLetter(r) {
			break
		}
		n += size
	}
	for { // the same after quotes that have a letter each
		quote, quoteSize := utf8.DecodeRuneInString(s[n:])
		letter, letterSize := utf8.DecodeRuneInString(s[n+quoteSize:])
		if !isQuote(quote) || !isLetter(letter) {
			return 0
		}
		n += quoteSize + letterSize
		r, size := utf8.DecodeRuneInString(s[n:])
		if isLower(r) && isUpper(first(s[n+size:])) {
			return n + size
		}
	}
}
