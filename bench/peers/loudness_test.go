package peers_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

var (
	integrated = regexp.MustCompile(`I:\s+(-?[0-9.]+) LUFS`)
	truePeak   = regexp.MustCompile(`Peak:\s+(-?[0-9.]+) dBFS`)
)

// loudness is what ffmpeg's meter says of a file: LUFS and dBTP.
func loudness(t *testing.T, file string) (lufs, peak float64) {
	t.Helper()
	said, err := exec.Command(needs.Program(t, "ffmpeg"), "-nostats", "-i", file, "-filter_complex", "ebur128=peak=true", "-f", "null", "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	last := func(pattern *regexp.Regexp) float64 {
		all := pattern.FindAllSubmatch(said, -1)
		if len(all) == 0 {
			t.Fatalf("no %v in %s", pattern, said)
		}
		x, err := strconv.ParseFloat(string(all[len(all)-1][1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	return last(integrated), last(truePeak)
}

// Voices are equally loud, and at the highest gain none overloads.
func TestLoudness(t *testing.T) {
	for _, voice := range append([]string{"en-US-Espeak-1", "en-US-Espeak-3", "en-GB-Espeak-1"}, fliteVoices...) {
		checkLoudness(t, voice)
	}
}

// checkLoudness speaks with a voice, with more flags if there are any.
func checkLoudness(t *testing.T, voice string, flags ...string) {
	t.Helper()
	const text = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It is easy to tell the depth of a well. These days a chicken leg is a rare dish."
	file := filepath.Join(t.TempDir(), "a.wav")
	flags = append(flags, "--voice", voice, "-o", file, text)
	say(t, flags...)
	if lufs, _ := loudness(t, file); lufs < -21 || lufs > -19 {
		t.Errorf("%s is at %.1f LUFS, want -20 within 1", voice, lufs)
	}
	for _, rate := range []string{"24000", "8000", "48000"} {
		say(t, append([]string{"--gain", "16", "--sample-rate", rate}, flags...)...)
		if _, peak := loudness(t, file); peak > -1 {
			t.Errorf("%s at +16 dB and %s Hz peaks at %.1f dBTP, want at most -1", voice, rate, peak)
		}
	}
}
