package ssml

import (
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

// The defaults of [Limits].
const (
	defaultMaxBytes = 1_000_000
	defaultMaxDepth = 64
)

// Limits bound what a document may cost. Zero fields mean the defaults.
type Limits struct {
	// MaxBytes is the longest text.
	MaxBytes int
	// MaxDepth is how deep elements may nest, the root being at 1.
	MaxDepth int
	// Source says whether an audio may have its recording from a URI scheme,
	// which is in lower case. Nil allows https and data. It must be safe for
	// concurrent use if Parse is used so.
	Source func(scheme string) bool
	// Lenient takes what other dialects have: an element that is none of ours
	// is passed over and what it holds is spoken, and an audio whose recording
	// cannot be had speaks what it holds. [Document.Ignored] names them.
	Lenient bool
}

// Parse reads text as one SSML document. The error is a *fault.Error of kind
// INVALID_ARGUMENT with Line and Column, both from 1, columns in characters
// (both 0 when the text is too long); Field is empty.
func Parse(text string, limits Limits) (*Document, error) {
	if limits.MaxBytes == 0 {
		limits.MaxBytes = defaultMaxBytes
	}
	if limits.MaxDepth == 0 {
		limits.MaxDepth = defaultMaxDepth
	}
	if limits.Source == nil {
		limits.Source = fetched
	}
	if len(text) > limits.MaxBytes {
		return nil, fault.New(fault.InvalidArgument,
			"The SSML is %d bytes long, and at most %d are allowed.", len(text), limits.MaxBytes)
	}
	r := &reader{scanner: scanner{text: text}, limits: limits}
	if err := r.prolog(); err != nil {
		return nil, err
	}
	if at, problem := badCharacter(text); problem != "" {
		return nil, r.fault(at, "%s", problem)
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	return &Document{Source: text, Root: r.root, Ignored: r.ignored}, nil
}

// badCharacter finds the first byte of text that no XML document may hold.
func badCharacter(text string) (at int, problem string) {
	for i, c := range text {
		switch {
		case c >= 0x20 && c < 0xD800, c == '\n', c == '\t', c == '\r':
		case c == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i, "A byte here is not UTF-8."
			}
		case !isXMLCharacter(c):
			return i, "XML does not allow the control character or noncharacter here."
		}
	}
	return 0, ""
}

// isXMLCharacter is the production Char of XML 1.0.
func isXMLCharacter(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF ||
		c >= 0xE000 && c <= 0xFFFD || c >= 0x10000 && c <= 0x10FFFF
}

// faultAt is an error about the byte at of text.
func faultAt(text string, at int, format string, args ...any) *fault.Error {
	line, column := position(text, at)
	return fault.New(fault.InvalidArgument, format, args...).At(line, column)
}

// position is the line and the column in characters, both from 1, of the byte
// at of text. Lines end at line feeds.
func position(text string, at int) (line, column int) {
	before := text[:min(at, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}

// shown is s for an error message: not too long.
func shown(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// shownLong is shown for a sentence.
func shownLong(s string) string {
	const most = 160
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
