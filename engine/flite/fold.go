package flite

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/speech"
)

// folded is text in printable ASCII, with the place that each byte came from.
type folded struct {
	ascii  string
	origin []speech.Token
}

// likeness are the runes that Unicode does not decompose to ASCII.
var likeness = map[rune]string{
	'‘': "'", '’': "'", '‚': ",", '‛': "'", 'ʼ': "'", '′': "'",
	'“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`, '″': `"`,
	'‐': "-", '‑': "-", '‒': "-", '–': " - ", '—': " - ", '―': " - ", '−': "-",
	'…': "...", '¿': "", '¡': "", '⁄': "/", '∕': "/", '×': " times ", '÷': " divided by ",
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "Ae", 'œ': "oe", 'Œ': "Oe", 'ø': "o", 'Ø': "O",
	'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "Th", 'ł': "l", 'Ł': "L",
	'ı': "i", 'ħ': "h", 'Ħ': "H", 'ŋ': "ng", 'Ŋ': "Ng",
	'€': " euro ", '£': " pound ", '¥': " yen ", '¢': " cent ", '°': " degrees ", '±': " plus or minus ",
	'§': " section ", '©': " copyright ", '®': " registered ", '。': ". ", '、': ", ",
}

// fold makes ASCII of text. What has no likeness separates words like a space,
// but marks and invisible runes within a word leave nothing.
func fold(text string) folded {
	f := folded{origin: make([]speech.Token, 0, len(text))}
	var b strings.Builder
	b.Grow(len(text))
	for at, r := range text {
		size := 1
		if r >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(text[at:])
		}
		for _, c := range []byte(asciiOf(r)) {
			b.WriteByte(c)
			f.origin = append(f.origin, speech.Token{Start: at, End: at + size})
		}
	}
	f.ascii = b.String()
	return f
}

func asciiOf(r rune) string {
	switch {
	case ' ' <= r && r <= '~':
		return string(r)
	case r < utf8.RuneSelf:
		return " "
	}
	if like, ok := likeness[r]; ok {
		return like
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return ""
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		like, ok := likeness[part]
		switch {
		case ' ' <= part && part <= '~':
			b.WriteRune(part)
		case ok:
			b.WriteString(like)
		case !unicode.Is(unicode.Mn, part):
			return " "
		}
	}
	return b.String()
}

// A piece is at most longestPiece bytes; one of at least shortestPiece ends
// with its first sentence.
const shortestPiece, longestPiece = 200, 600

// pieces are f cut where a sentence ends, else where a word ends, else anywhere.
// Pieces without a letter or a digit are left out: there is nothing to read.
func (f folded) pieces() iter.Seq[folded] {
	return func(yield func(folded) bool) {
		for start := 0; start < len(f.ascii); {
			end := start + cut(f.ascii[start:])
			piece := folded{f.ascii[start:end], f.origin[start:end]}
			if strings.ContainsFunc(piece.ascii, speakable) && !yield(piece) {
				return
			}
			start = end
		}
	}
}

func speakable(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || strings.ContainsRune("$%&+=@#*", r)
}

// cut is the length of the first piece of ascii.
func cut(ascii string) int {
	if len(ascii) <= longestPiece {
		return len(ascii)
	}
	for i := shortestPiece; i < longestPiece; i++ {
		if ascii[i] == ' ' && strings.IndexByte(".!?", ascii[i-1]) >= 0 {
			return i + 1
		}
	}
	if i := strings.LastIndexByte(ascii[:longestPiece], ' '); i > 0 {
		return i + 1
	}
	return longestPiece
}
