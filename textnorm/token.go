package textnorm

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// A token is what rules look at: a run of letters, a run of ASCII digits, any
// other single character, or a fixed piece. White space is no token, the one
// behind it knows of it.
type token struct {
	Span
	kind  kindOfToken
	space bool  // white space is before it, or the text begins with it
	caps  bool  // a word of two letters or more that are all capitals
	title bool  // a word that begins with a capital
	fixed int32 // of a fixed piece, which
}

type kindOfToken uint8

const (
	noToken     kindOfToken = iota // beyond the ends
	wordToken                      // letters and their marks, apostrophes within: d'être
	numberToken                    // 0 to 9
	signToken                      // any other character
	fixedToken                     // a fixed piece
)

// asciiTokens are what the ASCII characters are to the tokenizer.
var asciiTokens = func() (table [utf8.RuneSelf]kindOfToken) {
	for c := range rune(utf8.RuneSelf) {
		switch {
		case unicode.IsLetter(c):
			table[c] = wordToken
		case unicode.IsDigit(c):
			table[c] = numberToken
		case c != ' ':
			table[c] = signToken
		}
	}
	return table
}()

// tokenize appends the tokens of text, which is clean. fixed are pieces of it, in
// order and not overlapping; no token but theirs reaches into one.
func tokenize(tokens []token, text string, fixed []Span) []token {
	tokens = slices.Grow(tokens, len(text)/5+2)
	next := 0 // of fixed
	space := true
	for i := 0; i < len(text) || next < len(fixed); {
		limit := len(text)
		if next < len(fixed) {
			limit = fixed[next].Start
			if i >= limit {
				tokens = append(tokens, token{Span: fixed[next], kind: fixedToken, space: space, fixed: int32(next)})
				i = max(i, fixed[next].End)
				space = false
				next++
				continue
			}
		}
		c := text[i]
		if c == ' ' {
			space = true
			i++
			continue
		}
		tokens = append(tokens, token{Span: Span{i, i + 1}, kind: signToken, space: space})
		t := &tokens[len(tokens)-1]
		space = false
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if !isAccent(r) && unicode.IsLetter(r) && r != 'ª' && r != 'º' {
				t.readWord(text[:limit])
			} else {
				t.End = i + size
			}
		case asciiTokens[c] == wordToken:
			t.readWord(text[:limit])
		case asciiTokens[c] == numberToken:
			t.kind = numberToken
			for t.End < limit && text[t.End] >= '0' && text[t.End] <= '9' {
				t.End++
			}
		}
		i = t.End
	}
	return tokens
}

// readWord makes a token the word that begins where it does, in text, which may
// end sooner than the whole.
func (t *token) readWord(text string) {
	t.kind = wordToken
	count, capitals := 0, 0
	i := t.Start
letters:
	for i < len(text) {
		from := i
		for i < len(text) && text[i] >= 'a' && text[i] <= 'z' {
			i++
		}
		if count += i - from; i == len(text) {
			break
		}
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			if i == t.Start {
				t.title = true
			}
			count++
			capitals++
			i++
			continue
		}
		if c < utf8.RuneSelf && c != '\'' {
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == 'ª', r == 'º': // what they make ordinals of is a number
			break letters
		case unicode.IsLetter(r):
			count++
			if unicode.IsUpper(r) {
				capitals++
				t.title = t.title || i == t.Start
			}
		case unicode.IsMark(r):
			if r >= 0xFE00 && r <= 0xFE0F { // how an emoji shows, no mark of a letter
				break letters
			}
		case isApostrophe(r) || r == 0x200C || r == 0x200D: // joiners, in Persian and Indic words
			if next, _ := utf8.DecodeRuneInString(text[i+size:]); !unicode.IsLetter(next) {
				break letters
			}
		default:
			break letters
		}
		i += size
	}
	t.End = i
	t.caps = count > 1 && capitals == count
}

func isApostrophe(c rune) bool { return c == '\'' || c == '’' }
