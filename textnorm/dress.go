package textnorm

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// rewritten is text in which pieces are put into other words. at gives what
// stands for the bytes of its text from i on, and how many of them; 0 if they stay.
// It is asked where an ampersand or a character beyond ASCII begins. What is put
// into single characters of ASCII, not white space, is as tidy as it was.
func rewritten(text string, at func(text string, i int) (words string, length int)) (out Cleaned, tidy bool) {
	tidy = true
	var b strings.Builder
	kept := 0 // of text, what is in b or replaced
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c != '&' || !utf8.RuneStart(c) {
			i++
			continue
		}
		words, length := at(text, i)
		if length == 0 {
			i++
			continue
		}
		if kept == 0 {
			b.Grow(len(text))
		}
		if i > kept {
			out.step(b.Len(), kept)
			b.WriteString(text[kept:i])
		}
		tidy = tidy && len(words) == 1 && words[0] > ' '
		if words != "" {
			out.steps = append(out.steps, step{b.Len(), i, length})
			b.WriteString(words)
		}
		i += length
		kept = i
	}
	if kept == 0 {
		return Cleaned{Text: text}, true
	}
	if kept < len(text) {
		out.step(b.Len(), kept)
		b.WriteString(text[kept:])
	}
	out.Text = b.String()
	return out, tidy
}

// longestEntity is the most bytes of what HTML writes for a character.
const longestEntity = 12

// entityAt reads a character as HTML writes it: &amp; &#39; &nbsp; Where that was
// done twice, &amp;lt; it is undone twice.
func entityAt(text string, i int) (string, int) {
	if text[i] != '&' {
		return "", 0
	}
	plain, end := "", i+1
	for {
		window := text[end:min(len(text), end+longestEntity)]
		stop := strings.IndexByte(window, ';') + 1
		if stop < 3 {
			break
		}
		read := html.UnescapeString("&" + window[:stop])
		if strings.HasPrefix(read, "&") && len(read) > 1 || strings.HasSuffix(read, ";") || !utf8.ValidString(read) {
			break
		}
		plain, end = read, end+stop
		if plain != "&" {
			break
		}
	}
	if plain == "" {
		return "", 0
	}
	return plain, end - i
}

// dressed are letters and digits in special dress that have a plain form of the
// same sound: ligatures, Roman numerals and units that are one character,
// circled and full-width letters, mathematical alphabets, Arabic letters by
// their place in a word. Raised and lowered ones are not here, nor fractions:
// what they mean is for rules.
var dressed = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0132, 0x0133, 1}, {0x0149, 0x0149, 1}, {0x017F, 0x017F, 1}, {0x01C4, 0x01CC, 1}, {0x01F1, 0x01F3, 1},
		{0x0587, 0x0587, 1}, {0x0E33, 0x0E33, 1}, {0x0EB3, 0x0EB3, 1},
		{0x2010, 0x2011, 1}, {0x2102, 0x2103, 1}, {0x2107, 0x2107, 1}, {0x2109, 0x2115, 1}, {0x2118, 0x211D, 1}, {0x2124, 0x2124, 1},
		{0x2128, 0x2128, 1}, {0x212C, 0x2138, 1}, {0x213C, 0x213F, 1}, {0x2145, 0x2149, 1}, {0x2160, 0x217F, 1},
		{0x249C, 0x24C1, 1}, {0x24C3, 0x24E9, 1}, {0x3300, 0x33FF, 1}, {0xFB00, 0xFBB1, 1}, {0xFBD3, 0xFD3D, 1}, {0xFD50, 0xFDC7, 1}, {0xFDF0, 0xFDFB, 1},
		{0xFE30, 0xFE6B, 1}, {0xFE70, 0xFEFC, 1}, {0xFF01, 0xFFDC, 1}, {0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{{0x1D400, 0x1D7FF, 1}, {0x1F110, 0x1F129, 1}, {0x1F130, 0x1F149, 1}},
}

// firstDressed is the first character that may be put into others.
const firstDressed = 0x0132

// dressedAt puts a letter in special dress into plain ones, and an apostrophe
// that is bent for print into a straight one.
func dressedAt(text string, i int) (string, int) {
	c, size := utf8.DecodeRuneInString(text[i:])
	switch {
	case c < firstDressed, c >= '“' && c <= '…', isAccent(c):
		return "", 0
	case c == '’' || c == '‘' || c == 'ʼ' || c == '′':
		before := baseBefore(text[:i])
		behind, _ := utf8.DecodeRuneInString(text[i+size:])
		if (unicode.IsLetter(before) || unicode.Is(dressed, before) || c == '’') && (unicode.IsLetter(behind) || unicode.Is(dressed, behind)) {
			return "'", size
		}
	case c == 'ŉ': // its own apostrophe would be bent, and straight when it is read again
		return "'n", size
	case c == '‐' || c == '‑':
		return "-", size
	case unicode.Is(dressed, c):
		if plain := norm.NFKC.String(text[i : i+size]); plain != text[i:i+size] {
			return strings.TrimSpace(plain), size
		}
	}
	return "", 0
}

// baseBefore is the last character of text that is not a mark of one before it: the
// letter of an accented letter, be it composed or not.
func baseBefore(text string) rune {
	for {
		c, size := utf8.DecodeLastRuneInString(text)
		if size == 0 || !unicode.IsMark(c) {
			return c
		}
		text = text[:len(text)-size]
	}
}

// isPlainlyComposed reports whether all of text is letters that nothing composes
// with, and the marks of prose: it is in normal form C at a glance.
func isPlainlyComposed(text string) bool {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if c >= firstMark && !isProseMark(c) {
			return false
		}
		i += size
	}
	return true
}

// compose puts text into normal form C.
func compose(text string) Cleaned {
	if isPlainlyComposed(text) {
		return Cleaned{Text: text}
	}
	if composed, ok := composeAccents(text); ok {
		return composed
	}
	if norm.NFC.IsNormalString(text) {
		return Cleaned{Text: text}
	}
	out := Cleaned{}
	var b strings.Builder
	b.Grow(len(text))
	var pieces norm.Iter
	pieces.InitString(norm.NFC, text)
	for !pieces.Done() {
		from := pieces.Pos()
		// So that there is an end to what it looks at, the iterator parts long
		// runs of marks with a joiner.
		piece := strings.ReplaceAll(string(pieces.Next()), "\u034F", "")
		if source := text[from:pieces.Pos()]; piece == source {
			out.step(b.Len(), from)
		} else if piece != "" {
			out.steps = append(out.steps, step{b.Len(), from, len(source)})
		}
		b.WriteString(piece)
	}
	out.Text = b.String()
	return out
}
