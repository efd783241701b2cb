package captions

import (
	"bufio"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lectern/lectern/audio"
)

// What a caption may be at most, by the custom of subtitles.
const (
	lineCharacters = 42
	captionLines   = 2
	captionLength  = 7 * time.Second
	// longestGap within a caption; behind a longer one a new caption begins.
	longestGap = 1500 * time.Millisecond
)

// webVTTText replaces what WebVTT takes for markup.
var webVTTText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// captionForm is numbered captions with their times. SubRip and WebVTT differ
// in little.
type captionForm struct {
	separator byte // between seconds and milliseconds
	header    string
	escape    func(string) string

	written int
	lines   []string
	words   []Word
}

func (f *captionForm) begin(w *bufio.Writer) { w.WriteString(f.header) }

func (f *captionForm) mark(string, time.Duration) {}

func (f *captionForm) word(w *bufio.Writer, rate audio.SampleRate, word Word) {
	word.Text = strings.Join(strings.Fields(word.Text), " ")
	if word.Text == "" {
		return
	}
	if len(f.words) > 0 {
		first, last := f.words[0], f.words[len(f.words)-1]
		if rate.Duration(word.Start-last.End) > longestGap || rate.Duration(word.End-first.Start) > captionLength {
			f.flush(w, rate)
		}
	}
	if !f.fits(word.Text) {
		f.flush(w, rate)
		f.fits(word.Text)
	}
	f.words = append(f.words, word)
	if word.EndsSentence {
		f.flush(w, rate)
	}
}

// fits puts a word on the last line, or a new one, unless the caption is full.
// A word that is longer than a line stands alone on one.
func (f *captionForm) fits(text string) bool {
	if last := len(f.lines) - 1; last >= 0 {
		if longer := f.lines[last] + " " + text; utf8.RuneCountInString(longer) <= lineCharacters {
			f.lines[last] = longer
			return true
		}
	}
	if len(f.lines) == captionLines {
		return false
	}
	f.lines = append(f.lines, text)
	return true
}

func (f *captionForm) flush(w *bufio.Writer, rate audio.SampleRate) {
	if len(f.words) == 0 {
		return
	}
	f.written++
	text := strings.Join(f.lines, "\n")
	if f.escape != nil {
		text = f.escape(text)
	}
	fmt.Fprintf(w, "%d\n%s --> %s\n%s\n\n", f.written,
		f.clock(rate.Duration(f.words[0].Start)), f.clock(rate.Duration(f.words[len(f.words)-1].End)), text)
	f.lines, f.words = f.lines[:0], f.words[:0]
}

func (f *captionForm) end(w *bufio.Writer, rate audio.SampleRate) { f.flush(w, rate) }

// clock is d as hours, minutes, seconds and milliseconds.
func (f *captionForm) clock(d time.Duration) string {
	ms := d.Round(time.Millisecond).Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, f.separator, ms%1000)
}
