package ssml

import "strings"

const space = " \t\r\n"

// attributeOffsets are where the names of the attributes begin in tag, a start
// tag that encoding/xml has read. ok is false when two stand without space
// between, which encoding/xml lets pass; the last offset is then the second's.
func attributeOffsets(tag string) (offsets []int, ok bool) {
	at := strings.IndexAny(tag, space+"/>")
	for at >= 0 {
		name := at + len(tag[at:]) - len(strings.TrimLeft(tag[at:], space))
		if tag[name] == '/' || tag[name] == '>' {
			return offsets, true
		}
		offsets = append(offsets, name)
		if name == at {
			return offsets, false
		}
		open := name + strings.IndexAny(tag[name:], `"'`)
		at = open + 1 + strings.IndexByte(tag[open+1:], tag[open]) + 1
	}
	return offsets, true
}
