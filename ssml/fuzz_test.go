package ssml_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

// FuzzParse checks what holds for any text: an error has a place inside the
// text; an accepted document is XML for encoding/xml too; its segments lead
// back into the source, in order, and speak what is written.
func FuzzParse(f *testing.F) {
	for _, r := range verdicts(f) {
		f.Add(r.document)
	}
	f.Add("\uFEFF<?xml version='1.0'?><speak>a\r\n&#x41;<![CDATA[ ]]]]><sub alias='b'>c</sub><break time='1s'/></speak>")
	f.Add("<speak>&#xD800;</speak>")
	f.Add("<!DOCTYPE a [<!ENTITY b 'c'>]><speak>&b;</speak>")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ssml.Parse(text, ssml.Limits{})
		if err != nil {
			checkFault(t, text, err)
			return
		}
		decoder := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
		for {
			if _, err := decoder.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("accepted, but encoding/xml says %v", err)
			}
		}
		last := 0
		for s := range d.Segments() {
			if s.Offset < last || s.Offset > len(text) {
				t.Fatalf("a segment begins at %d, after one at %d", s.Offset, last)
			}
			last = s.Offset
			if s.Kind != ssml.Text {
				continue
			}
			if strings.TrimSpace(s.Text) == "" || !utf8.ValidString(s.Text) {
				t.Fatalf("text %q", s.Text)
			}
			for i := range len(s.Text) + 1 {
				from := s.Source(i)
				if from < last || from > len(text) {
					t.Fatalf("byte %d of %q comes from %d, after %d", i, s.Text, from, last)
				}
				last = from
			}
		}
	})
}

func checkFault(t *testing.T, text string, err error) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.InvalidArgument || f.Message == "" || len(f.Message) > 400 || !utf8.ValidString(f.Message) {
		t.Fatalf("error %v, want a short INVALID_ARGUMENT", err)
	}
	lines := strings.Split(text, "\n")
	tooLong := f.Line == 0 && len(text) > ssml.DefaultMaxBytes
	if !tooLong && (f.Line < 1 || f.Line > len(lines) || f.Column < 1 || f.Column > utf8.RuneCountInString(lines[f.Line-1])+1) {
		t.Fatalf("place %d:%d is outside the text", f.Line, f.Column)
	}
}
