// Package captions writes down when the words of a sound are heard: as JSON
// for programs, as SubRip (.srt) and WebVTT (.vtt) for players.
//
// Make a [Writer] of one [Format], give it the words in the order in which they
// are heard, and close it. It keeps one caption and the marks in memory, never
// the whole. A Writer is for one goroutine; errors are those of the writer
// below.
package captions

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/audio"
)

// Format is a file format, named by its extension without the dot.
type Format string

// The formats.
const (
	JSON   Format = "json"
	SubRip Format = "srt"
	WebVTT Format = "vtt"
)

// formats are all of them.
var formats = []Format{JSON, SubRip, WebVTT}

// Formats are all formats.
func Formats() []Format { return slices.Clone(formats) }

// ParseFormat finds a format by its name, in any case, with or without a dot.
func ParseFormat(name string) (Format, bool) {
	name = strings.ToLower(strings.TrimPrefix(name, "."))
	for _, f := range formats {
		if string(f) == name {
			return f, true
		}
	}
	return "", false
}

// Names are the names of all formats, for messages.
func Names() string { return "json, srt, vtt" }

// Word is one word as it was written, with its punctuation.
type Word struct {
	Text string
	// Start and End are frames of the sound, End excluded.
	Start, End audio.Frames
	// EndsSentence says that no caption goes on behind it.
	EndsSentence bool
}

// Writer writes one file.
type Writer struct {
	out  *bufio.Writer
	rate audio.SampleRate
	form form
}

// form is one format: captions and what stands around them.
type form interface {
	begin(w *bufio.Writer)
	word(w *bufio.Writer, rate audio.SampleRate, word Word)
	mark(name string, at time.Duration)
	end(w *bufio.Writer, rate audio.SampleRate)
}

// NewWriter begins a file on w for a sound of rate.
func NewWriter(w io.Writer, format Format, rate audio.SampleRate) (*Writer, error) {
	out := &Writer{out: bufio.NewWriter(w), rate: rate}
	switch format {
	case JSON:
		out.form = &jsonForm{}
	case SubRip:
		out.form = &captionForm{separator: ','}
	case WebVTT:
		out.form = &captionForm{separator: '.', header: "WEBVTT\n\n", escape: webVTTText.Replace}
	default:
		return nil, fmt.Errorf("captions: there is no format %q", format)
	}
	out.form.begin(out.out)
	return out, nil
}

// Word takes the next word.
func (w *Writer) Word(word Word) { w.form.word(w.out, w.rate, word) }

// Mark takes a mark of the document. Only JSON holds them.
func (w *Writer) Mark(name string, at audio.Frames) { w.form.mark(name, w.rate.Duration(at)) }

// Close writes what is pending. It does not close the writer below.
func (w *Writer) Close() error {
	w.form.end(w.out, w.rate)
	return w.out.Flush()
}
