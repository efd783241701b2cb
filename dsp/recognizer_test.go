package dsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

const digits = `#JSGF V1.0;
grammar digits;
public <digits> = (zero | one | two | three | four | five | six | seven | eight | nine)+;
`

const sphinxModel = "/usr/share/pocketsphinx/model/en-us"

// recognize hears the digits of a sound at 16 kHz.
func recognize(t *testing.T, sound audio.Buffer) []string {
	t.Helper()
	dir := t.TempDir()
	grammar, wav := filepath.Join(dir, "digits.gram"), filepath.Join(dir, "sound.wav")
	if err := os.WriteFile(grammar, []byte(digits), 0o600); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, wav, sound)
	out := runTool(t, "pocketsphinx_continuous", "-infile", wav, "-jsgf", grammar,
		"-hmm", sphinxModel+"/en-us", "-dict", sphinxModel+"/cmudict-en-us.dict", "-logfn", os.DevNull)
	return strings.Fields(string(out))
}

// wordErrors is the edit distance of two sequences of words.
func wordErrors(got, want []string) int {
	row := make([]int, len(want)+1)
	for j := range row {
		row[j] = j
	}
	for i, g := range got {
		diagonal := row[0]
		row[0] = i + 1
		for j, w := range want {
			cost := diagonal
			if g != w {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(want)]
}

// A recognizer still understands digits that were made slower, faster, higher
// and lower.
func TestProsodyIsUnderstood(t *testing.T) {
	if testing.Short() {
		t.Skip("a recognizer takes its time")
	}
	needTool(t, "pocketsphinx_continuous")
	if _, err := os.Stat(sphinxModel); err != nil {
		needTool(t, "pocketsphinx-en-us") // no such program: skips or fails
	}
	names := strings.Fields("zero one two three four five six seven eight nine")
	var rows [][]string
	for _, number := range []string{"31415926", "53589793", "23846264", "33832795", "02884197", "16939937", "51058209", "74944592"} {
		var words []string
		for _, d := range number {
			words = append(words, names[d-'0'])
		}
		rows = append(rows, words)
	}
	for _, c := range []struct {
		rate, semitones, most float64
	}{{1, 0, 5}, {1, 6, 5}, {1, -6, 5}, {0.5, 0, 20}, {2, 0, 20}} {
		t.Run(fmt.Sprintf("rate %v, %+v semitones", c.rate, c.semitones), func(t *testing.T) {
			errors, words := 0, 0
			for _, voice := range []string{"slt", "rms", "awb", "kal16"} {
				ofVoice := 0
				for _, row := range rows {
					source := spoken(t, voice, strings.Join(row, " "))
					// The recognizer learns the level from the silence before.
					silence := make([]float32, 8000)
					out := readAll(t, dsp.Prosody(source.Stream(), c.rate, c.semitones))
					heard := recognize(t, audio.Buffer{Rate: 16000, Samples: append(append(silence, out...), silence...)})
					n := wordErrors(heard, row)
					ofVoice += n
					words += len(row)
					if n > 0 {
						t.Logf("%s: %v for %v", voice, heard, row)
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
