package textnorm

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The combining marks of Latin, Greek and Cyrillic: accents, dots, rings, hooks.
const (
	firstMark = '\u0300'
	lastMark  = '\u036F'
)

// accents are what composes letters and those marks, as golang.org/x/text has it.
type accents struct {
	class [lastMark - firstMark + 1]uint8 // of marks, by which those behind a letter are ordered
	whole map[letterAndMark]rune
	parts map[rune]letterAndMark // of what is in whole
}

type letterAndMark struct{ letter, mark rune }

// allAccents reads the tables of normal forms, which have whole decompositions only.
var allAccents = sync.OnceValue(func() *accents {
	a := &accents{whole: make(map[letterAndMark]rune), parts: make(map[rune]letterAndMark)}
	for i := range a.class {
		a.class[i] = norm.NFC.PropertiesString(string(firstMark + rune(i))).CCC()
	}
	for c := rune(0x80); c < 0x2300; c++ {
		apart := norm.NFD.String(string(c))
		mark, size := utf8.DecodeLastRuneInString(apart)
		if !isAccent(mark) || size == len(apart) || norm.NFC.String(apart) != string(c) {
			continue
		}
		letter, _ := utf8.DecodeRuneInString(norm.NFC.String(apart[:len(apart)-size]))
		a.whole[letterAndMark{letter, mark}] = c
		a.parts[c] = letterAndMark{letter, mark}
	}
	return a
})

func isAccent(c rune) bool { return c >= firstMark && c <= lastMark }

// standsForOthers reports whether an accent is only another way to write others.
func standsForOthers(c rune) bool {
	return c == 0x0340 || c == 0x0341 || c == 0x0343 || c == 0x0344 || c == 0x034F
}

// takesAccents reports whether c, which is no such mark, is a character that
// composes with nothing but such marks behind it, and stands for no other character.
func takesAccents(c rune) bool {
	switch {
	case c == 0x0374, c == 0x037E, c == 0x0387: // Greek marks that stand for others
		return false
	}
	return c < 0x0483 || c >= 0x1E00 && c <= 0x1EFF || isProseMark(c)
}

// composeAccents puts text into normal form C if nothing is in it but characters that
// [takesAccents] names, and accents: most of what is not composed. For that
// golang.org/x/text, which knows all scripts, takes several times as long.
func composeAccents(text string) (out Cleaned, ok bool) {
	var b strings.Builder
	var marks []rune
	var composed []byte
	kept := 0 // of text, what is in b
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			i++
			continue
		}
		start := i
		letter, size := utf8.DecodeRuneInString(text[i:])
		if isAccent(letter) {
			letter = noLetter
		} else if i += size; !takesAccents(letter) {
			return Cleaned{}, false
		}
		if marks, i = accentsAt(marks[:0], text, i); len(marks) == 0 {
			continue
		}
		if slices.ContainsFunc(marks, standsForOthers) {
			return Cleaned{}, false
		}
		if len(marks) == 1 && letter >= '0' && letter <= '9' { // composes with nothing
			continue
		}
		if composed = allAccents().compose(composed[:0], letter, marks); string(composed) == text[start:i] {
			continue
		}
		if kept < start {
			out.step(b.Len(), kept)
			b.WriteString(text[kept:start])
		}
		out.steps = append(out.steps, step{b.Len(), start, i - start})
		b.Write(composed)
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
	return out, true
}

// noLetter is what accents stand on that have no letter before them.
const noLetter = rune(-1)

// accentsAt appends the accents that begin at a byte of text, and says where they end.
func accentsAt(marks []rune, text string, i int) ([]rune, int) {
	for i < len(text) && text[i] >= utf8.RuneSelf {
		c, size := utf8.DecodeRuneInString(text[i:])
		if !isAccent(c) {
			break
		}
		marks = append(marks, c)
		i += size
	}
	return marks, i
}

// order puts marks in the order of their classes, those of one class as they are.
func (a *accents) order(marks []rune) {
	byClass := func(x, y rune) int { return int(a.class[x-firstMark]) - int(a.class[y-firstMark]) }
	if slices.IsSortedFunc(marks, byClass) {
		return
	}
	keys := make([]uint64, len(marks)) // class, place, mark
	for i, m := range marks {
		keys[i] = uint64(a.class[m-firstMark])<<56 | uint64(i)<<24 | uint64(m)
	}
	slices.Sort(keys)
	for i, key := range keys {
		marks[i] = rune(key & 0xFFFFFF)
	}
}

// compose appends a letter and its accents in normal form C. It may order marks.
func (a *accents) compose(b []byte, letter rune, marks []rune) []byte {
	for {
		parts, ok := a.parts[letter]
		if !ok {
			break
		}
		letter = parts.letter
		marks = slices.Insert(marks, 0, parts.mark)
	}
	a.order(marks)
	left := marks[:0]
	before := uint8(0) // the class of the last mark that was left
	for _, m := range marks {
		// A mark of the same class stands between others and the letter.
		if class := a.class[m-firstMark]; class > before {
			if whole, ok := a.whole[letterAndMark{letter, m}]; ok {
				letter = whole
				continue
			}
			before = class
		}
		left = append(left, m)
	}
	if letter != noLetter {
		b = utf8.AppendRune(b, letter)
	}
	for _, m := range left {
		b = utf8.AppendRune(b, m)
	}
	return b
}
