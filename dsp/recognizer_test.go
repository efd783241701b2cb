package dsp_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/internal/listener"
)

// A recognizer still understands digits that were made slower, faster, higher
// and lower.
func TestProsodyIsUnderstood(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: a recognizer takes its time")
	}
	listener.Need(t)
	var rows []string
	for _, number := range []string{"31415926", "53589793", "23846264", "33832795", "02884197", "16939937", "51058209", "74944592"} {
		rows = append(rows, listener.NamesOf(number))
	}
	for _, c := range []struct {
		rate, semitones, most float64
	}{{1, 0, 5}, {1, 6, 5}, {1, -6, 5}, {0.5, 0, 20}, {2, 0, 20}} {
		t.Run(fmt.Sprintf("rate %v, %+v semitones", c.rate, c.semitones), func(t *testing.T) {
			errors, words := 0, 0
			for _, voice := range []string{"slt", "rms", "awb", "kal16"} {
				ofVoice := 0
				var files []string
				for i, row := range rows {
					source := spoken(t, voice, row)
					// The recognizer learns the level from the silence before.
					silence := make([]float32, 8000)
					out := readAll(t, dsp.Prosody(source.Stream(), c.rate, c.semitones))
					files = append(files, filepath.Join(t.TempDir(), fmt.Sprint(i, ".wav")))
					writeWAV(t, files[i], audio.Buffer{Rate: 16000, Samples: slices.Concat(silence, out, silence)})
				}
				heard, err := listener.Hear(t.Context(), listener.Digits, files...)
				if err != nil {
					t.Fatal(err)
				}
				for i, row := range rows {
					n, all := listener.Errors(row, listener.Text(heard[i]))
					ofVoice += n
					words += all
					if n > 0 {
						t.Logf("%s: %q for %q", voice, listener.Text(heard[i]), row)
					}
				}
				t.Logf("%s: %d errors", voice, ofVoice)
				errors += ofVoice
			}
			wer := 100 * float64(errors) / float64(words)
			t.Logf("word error rate %.1f %%", wer)
			if wer > c.most {
				t.Errorf("word error rate %.1f %%, want at most %v", wer, c.most)
			}
		})
	}
}
