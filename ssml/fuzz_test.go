package ssml_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

// laterVersion is a declaration of XML 1.x, which XML 1.0 has its processors read as
// their own (2.8), but encoding/xml refuses.
var laterVersion = regexp.MustCompile(`^(<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["'])1\.[0-9]+`)

// FuzzParse checks what holds for any text: an error has a place inside the
// text; an accepted document is XML for encoding/xml too; its segments lead
// back into the source, in order, and speak what is written.
func FuzzParse(f *testing.F) {
	for _, r := range verdicts(f) {
		f.Add(r.document)
	}
	f.Add("\uFEFF<?xml version='1.0'?><speak>a\r\n&#x41;<![CDATA[ ]]]]><sub alias='b'>c</sub><break time='1s'/></speak>")
	for _, text := range documents(f) {
		f.Add(text)
	}
	f.Add("<speak>&#xD800;</speak>")
	f.Add("<!DOCTYPE a [<!ENTITY b 'c'>]><speak>&b;</speak>")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ssml.Parse(text, ssml.Limits{})
		if err != nil {
			checkFault(t, text, err)
			return
		}
		same := laterVersion.ReplaceAllString(strings.TrimPrefix(text, "\uFEFF"), "${1}1.0")
		decoder := xml.NewDecoder(strings.NewReader(same))
		for {
			if _, err := decoder.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("accepted, but encoding/xml says %v", err)
			}
		}
		checkSegments(t, text, slices.Collect(d.Segments()))
	})
}

// checkSegments checks what holds for every walk, and for those inside it.
func checkSegments(t *testing.T, text string, segments []ssml.Segment) {
	t.Helper()
	last := 0
	for i, s := range segments {
		if s.Offset < last || s.Offset > len(text) {
			t.Fatalf("a segment begins at %d, after one at %d", s.Offset, last)
		}
		last = s.Offset
		checkStyle(t, s.Style)
		switch s.Kind {
		case ssml.Text:
			last = checkText(t, text, s)
			if s.Continues && segments[i+1].Kind != ssml.Text {
				t.Fatalf("%q continues in a %v", s.Text, segments[i+1].Kind)
			}
		case ssml.Break:
			if s.Pause < 0 || s.Pause > ssml.MaxBreak {
				t.Fatalf("a pause of %v", s.Pause)
			}
		case ssml.Mark:
			if s.Name == "" {
				t.Fatal("a mark without a name")
			}
		case ssml.Audio:
			c := s.Clip
			if c.Begin < 0 || c.Speed < ssml.MinSpeed || c.Speed > ssml.MaxSpeed || c.RepeatCount < 1 || c.RepeatCount > ssml.MaxRepeats ||
				!(c.GainDB >= -40 && c.GainDB <= 40) || c.Src == "" {
				t.Fatalf("clip %+v", c)
			}
			checkSegments(t, text, c.Fallback)
		case ssml.Container:
			checkMix(t, text, s.Mix)
		}
	}
}

func checkStyle(t *testing.T, s ssml.Style) {
	t.Helper()
	if !(s.Rate >= ssml.MinRate && s.Rate <= ssml.MaxRate && math.Abs(s.PitchSemitones) <= ssml.MaxPitchSemitones && s.GainDB <= ssml.MaxGainDB) {
		t.Fatalf("style %+v", s)
	}
}

func checkText(t *testing.T, text string, s ssml.Segment) (last int) {
	t.Helper()
	if strings.TrimSpace(s.Text) == "" || !utf8.ValidString(s.Text) {
		t.Fatalf("text %q", s.Text)
	}
	last = s.Offset
	for i := range len(s.Text) + 1 {
		from := s.Source(i)
		if from < last || from > len(text) {
			t.Fatalf("byte %d of %q comes from %d, after %d", i, s.Text, from, last)
		}
		last = from
	}
	end := 0
	for _, span := range s.Spans {
		is := 0
		for _, set := range []bool{span.SayAs != nil, span.IPA != "", span.Alias, span.Mark != ""} {
			if set {
				is++
			}
		}
		if is != 1 || span.Start < end || span.End < span.Start || span.End > len(s.Text) || (span.Start == span.End) != (span.Mark != "") {
			t.Fatalf("span %+v of %q, after %d", span, s.Text, end)
		}
		end = span.End
	}
	return last
}

func checkMix(t *testing.T, text string, m *ssml.Mix) {
	t.Helper()
	if len(m.Children) == 0 {
		t.Fatal("an empty mix")
	}
	for _, child := range m.Children {
		switch child := child.(type) {
		case *ssml.Mix:
			checkMix(t, text, child)
		case *ssml.Media:
			if child.RepeatCount < 1 || child.FadeIn < 0 || child.FadeOut < 0 || !(child.GainDB >= -40 && child.GainDB <= 40) {
				t.Fatalf("media %+v", child)
			}
			checkSegments(t, text, child.Content)
		}
	}
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

// FuzzMarkup checks that the pauses and texts of markup are all of it, in order.
func FuzzMarkup(f *testing.F) {
	for _, text := range []string{"", "a", "[pause]", "a [pause short] b[pause long][pause]", "[pause  long] [[pause]] [ pause]", "[pause", "[PAUSE]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		gap := func(to int) {
			for _, tag := range []string{"[pause short]", "[pause long]", "[pause]"} {
				if rest, ok := strings.CutPrefix(text[at:to], tag); ok && strings.TrimSpace(rest) == "" {
					return
				}
			}
			if strings.TrimSpace(text[at:to]) != "" {
				t.Fatalf("%q of %q is lost", text[at:to], text)
			}
		}
		for s := range ssml.Markup(text) {
			gap(s.Offset)
			if at = s.Offset; s.Kind == ssml.Text {
				at += len(s.Text)
				if text[s.Offset:at] != s.Text || s.Source(len(s.Text)) != at || strings.TrimSpace(s.Text) == "" {
					t.Fatalf("text %q at %d of %q", s.Text, s.Offset, text)
				}
			} else if s.Kind != ssml.Break || s.Pause <= 0 {
				t.Fatalf("a %v of %v", s.Kind, s.Pause)
			}
		}
		gap(len(text))
	})
}
