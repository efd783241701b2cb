package quota

import (
	"regexp"
	"unicode/utf8"
)

// OfText is what a text counts as: its characters, spaces and line ends too.
func OfText(text string) int64 { return int64(utf8.RuneCountInString(text)) }

// markTag is the tag that is not counted.
var markTag = regexp.MustCompile(`</?mark(\s[^>]*)?/?>`)

// OfSSML is what a document counts as: all its characters, those of its tags too,
// but for the tags of marks.
func OfSSML(document string) int64 {
	n := OfText(document)
	for _, at := range markTag.FindAllStringIndex(document, -1) {
		n -= OfText(document[at[0]:at[1]])
	}
	return n
}
