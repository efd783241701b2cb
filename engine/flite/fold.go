package flite

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// folded is text in printable ASCII, with the place that each byte came from.
type folded struct {
	ascii  string
	origin []speech.Token
	said   []said
}

// said is a word of ascii and the phones to say for it.
type said struct {
	start  int
	phones string
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
// but marks and invisible runes within a word leave nothing. What is pronounced
// becomes words of letters, whatever it is.
func fold(text string, pronounced []driver.Pronounced) folded {
	w := folder{folded: folded{origin: make([]speech.Token, 0, len(text))}}
	w.Grow(len(text))
	for at := 0; at < len(text); {
		if len(pronounced) > 0 && pronounced[0].Start == at {
			w.pronounce(text, pronounced[0])
			at, pronounced = pronounced[0].End, pronounced[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		w.put(asciiOf(r), speech.Token{Start: at, End: at + size})
		at += size
	}
	w.ascii = w.String()
	return w.folded
}

// folder writes folded text.
type folder struct {
	strings.Builder
	folded
}

func (w *folder) put(ascii string, origin speech.Token) {
	w.WriteString(ascii)
	for range len(ascii) {
		w.origin = append(w.origin, origin)
	}
}

// pronounce writes the words that stand for p: tokens of their own, which flite
// parts at spaces and at some punctuation. They have about as many letters as
// phones, since the length of pieces is counted in letters.
func (w *folder) pronounce(text string, p driver.Pronounced) {
	if n := w.Len(); n > 0 && !strings.ContainsRune(" \"'`({[", rune(w.String()[n-1])) {
		w.put(" ", p.Token)
	}
	for i, phones := range spell(p.Sounds) {
		if i > 0 {
			w.put(" ", p.Token)
		}
		if len(w.said)%2 == 1 {
			phones += " " // flite takes the same phones twice in a row for one word
		}
		w.said = append(w.said, said{w.Len(), phones})
		written := letters(text[p.Start:p.End])
		if n := strings.Count(phones, " "); written == "" || len(written) > 2*n+10 || 2*len(written) < n {
			written = strings.Repeat("word", 1+n/4)
		}
		w.put(written, p.Token)
	}
	after := strings.TrimLeftFunc(text[p.End:], unicode.IsPunct)
	if r, _ := utf8.DecodeRuneInString(after); after != "" && !unicode.IsSpace(r) {
		w.put(" ", p.Token)
	}
}

// letters is text if it is a word of ASCII letters, else nothing.
func letters(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }) {
		return ""
	}
	return text
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
		words := f.said
		for start := 0; start < len(f.ascii); {
			end := start + cut(f.ascii[start:])
			piece := folded{ascii: f.ascii[start:end], origin: f.origin[start:end]}
			for len(words) > 0 && words[0].start < end {
				piece.said = append(piece.said, said{words[0].start - start, words[0].phones})
				words = words[1:]
			}
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
