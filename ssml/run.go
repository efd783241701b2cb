package ssml

import (
	"strings"
	"unicode/utf8"
)

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// newRun makes a run of text, which a decoder read out of raw, which begins at
// the byte offset of the source.
func newRun(text, raw string, offset int) *Run {
	run := &Run{Text: text}
	references := true
	if strings.HasPrefix(raw, cdataOpen) {
		raw = strings.TrimSuffix(raw[len(cdataOpen):], cdataClose)
		offset += len(cdataOpen)
		references = false
	}
	run.places = append(run.places, place{source: offset})
	if len(raw) == len(text) {
		return run // a reference or a CR LF would have made it shorter
	}
	written := 0 // bytes of text so far
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == '&' && references:
			// A reference stands for one character.
			_, size := utf8.DecodeRuneInString(text[written:])
			run.places = append(run.places, place{written, offset + i, true})
			written += size
			i += strings.IndexByte(raw[i:], ';') + 1
			run.places = append(run.places, place{written, offset + i, false})
		case strings.HasPrefix(raw[i:], "\r\n"):
			written++
			i += 2
			run.places = append(run.places, place{written, offset + i, false})
		default:
			written++
			i++
		}
	}
	return run
}
