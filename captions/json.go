package captions

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lectern/lectern/audio"
)

// jsonForm is one object: words in the order of speech, then marks, all times
// in seconds from the start of the sound.
type jsonForm struct {
	words int
	marks []jsonMark
}

type jsonWord struct {
	Text  string      `json:"text"`
	Start json.Number `json:"start"`
	End   json.Number `json:"end"`
}

type jsonMark struct {
	Name string      `json:"name"`
	Time json.Number `json:"time"`
}

// seconds is d to the microsecond, which tells every sample from the next. The
// digits are the number's own, not those of the nearest binary fraction.
func seconds(d time.Duration) json.Number {
	us := d.Round(time.Microsecond).Microseconds()
	text := fmt.Sprintf("%d.%06d", us/1e6, us%1e6)
	return json.Number(strings.TrimRight(strings.TrimRight(text, "0"), "."))
}

func (f *jsonForm) begin(w *bufio.Writer) { w.WriteString("{\n  \"words\": [") }

func (f *jsonForm) word(w *bufio.Writer, rate audio.SampleRate, word Word) {
	if f.words > 0 {
		w.WriteByte(',')
	}
	f.words++
	w.WriteString("\n    ")
	w.Write(line(jsonWord{word.Text, seconds(rate.Duration(word.Start)), seconds(rate.Duration(word.End))}))
}

func (f *jsonForm) mark(name string, at time.Duration) {
	f.marks = append(f.marks, jsonMark{name, seconds(at)})
}

func (f *jsonForm) end(w *bufio.Writer, _ audio.SampleRate) {
	w.WriteString("\n  ],\n  \"marks\": [")
	for i, m := range f.marks {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n    ")
		w.Write(line(m))
	}
	w.WriteString("\n  ]\n}\n")
}

// line is v in JSON. Strings and numbers that were formatted here never fail.
func line(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}
