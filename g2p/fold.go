package g2p

import (
	"slices"
	"strings"
	"unicode/utf8"
)

var folds = strings.NewReplacer("’", "'", "‒", "-", "―", "—")

// fold puts the typographic apostrophe and rare dashes as the tables have them. It
// tells where each byte of the result lies in text; nil where nothing changed.
func fold(text string) (result string, source []int) {
	result = folds.Replace(text)
	if result == text {
		return text, nil
	}
	source = make([]int, 0, len(result)+1)
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		for j := range len(folds.Replace(text[i : i+size])) {
			source = append(source, i+j)
		}
		i += size
	}
	return result, append(source, len(text))
}

// folded is the inverse of source: where a byte of the text went, which begins a
// character or is the end.
func folded(source []int, at int) int {
	if source == nil {
		return at
	}
	n, _ := slices.BinarySearch(source, at)
	return n
}
