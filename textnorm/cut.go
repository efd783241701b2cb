package textnorm

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// place is how good a place is to cut a sentence that is too long.
type place int

const (
	noPlace place = iota
	behindSpace
	behindComma
	behindClause
	places
)

// bestCut is where to cut text, which is longer than most bytes, so that the
// first piece has at most that: behind the last clause that ends in the second
// half of it, else the last comma there, else the last white space anywhere,
// else between two characters as people see them.
func bestCut(text string, most int) int {
	var last [places]int
	before := noPlace // what the character before the white space makes of it
	for i, c := range text[:most] {
		if end := i + utf8.RuneLen(c); end > most {
			break
		} else if unicode.IsSpace(c) {
			last[behindSpace] = end
			last[before] = end
			continue
		} else if needsNoSpace(c) != noPlace {
			last[needsNoSpace(c)] = end
		}
		before = needsSpace(c)
	}
	switch {
	case last[behindClause] > most/2:
		return last[behindClause]
	case last[behindComma] > most/2:
		return last[behindComma]
	case last[behindSpace] > 0:
		return last[behindSpace]
	}
	return characterCut(text, most)
}

// needsSpace is what white space behind c is.
func needsSpace(c rune) place {
	switch c {
	case ',', '،':
		return behindComma
	case '.', '?', '!', '…', ';', ':', '—', '–', ')', ']', '”', '"':
		return behindClause
	}
	return noPlace
}

// needsNoSpace is what the place behind c is where no space is written.
func needsNoSpace(c rune) place {
	switch c {
	case '，', '、':
		return behindComma
	case '。', '？', '！', '；', '：':
		return behindClause
	}
	return noPlace
}

// characterCut is the end of the last whole grapheme cluster of text that ends
// within most bytes, or of the last whole rune when the first cluster is
// longer.
func characterCut(text string, most int) int {
	cut := 0
	// A cluster that reaches beyond twice the length is not looked at whole.
	for it := graphemes.FromString(text[:min(len(text), 2*most)]); it.Next() && it.End() <= most; {
		cut = it.End()
	}
	if cut > 0 {
		return cut
	}
	for cut = most; cut > most-utf8.UTFMax && !utf8.RuneStart(text[cut]); cut-- {
	}
	return cut
}
