package dsp_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/internal/needs"
)

func runTool(t testing.TB, tool string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(tool, args...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		t.Fatalf("%s %q: %v: %s", tool, args, err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return out
}

const prose = "The rainbow is a division of white light into many beautiful colors. " +
	"These take the shape of a long round arch, with its path high above, and its two ends apparently beyond the horizon."

// spoken is text spoken by a voice: slt, rms, awb or kal16 of flite, which
// ffmpeg carries, or else one of espeak-ng.
func spoken(t testing.TB, voice, text string) audio.Buffer {
	t.Helper()
	needs.Program(t, "ffmpeg")
	rate := audio.SampleRate(16000)
	args := []string{"-v", "error", "-nostdin"}
	switch voice {
	case "slt", "rms", "awb", "kal16":
		args = append(args, "-f", "lavfi", "-i", fmt.Sprintf("flite=voice=%s:text='%s'", voice, text))
	default:
		needs.Program(t, "espeak-ng")
		wav := filepath.Join(t.TempDir(), "spoken.wav")
		runTool(t, "espeak-ng", "-v", voice, "-w", wav, text)
		rate = 22050
		args = append(args, "-i", wav)
	}
	raw := runTool(t, "ffmpeg", append(args, "-f", "f32le", "-ac", "1", "-ar", fmt.Sprint(int(rate)), "-")...)
	b := audio.Buffer{Rate: rate, Samples: make([]float32, len(raw)/4)}
	for i := range b.Samples {
		b.Samples[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return b
}

// writeWAV leaves sound as a file that every tool reads.
func writeWAV(t testing.TB, path string, sound audio.Buffer) {
	t.Helper()
	n := uint32(2 * len(sound.Samples))
	out := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, 36+n)...)
	out = append(out, "WAVEfmt "...)
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(sound.Rate), uint32(2 * sound.Rate), uint16(2), uint16(16)} {
		out, _ = binary.Append(out, binary.LittleEndian, v)
	}
	out = binary.LittleEndian.AppendUint32(append(out, "data"...), n)
	for _, x := range sound.Samples {
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(math.Round(float64(max(-1, min(1, x)))*32767))))
	}
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pitches is the fundamental frequency of sound every 10 ms, 0 where it is
// unvoiced, by normalized autocorrelation at the full rate: slow, and nothing
// in common with the tracker but the idea.
func pitches(sound audio.Buffer, lowest, highest float64) []float64 {
	rate := float64(sound.Rate)
	shortest, longest := int(rate/highest), int(rate/lowest)
	window := max(int(rate/40), longest)
	var all []float64
	for at := 0; at+window+longest < len(sound.Samples); at += int(rate / 100) {
		x := sound.Samples[at:]
		if power(x[:window]) < 2e-4 {
			all = append(all, 0)
			continue
		}
		var scores []float64
		for lag := shortest; lag <= longest; lag++ {
			var cross, here, there float64
			for i := range window {
				a, b := float64(x[i]), float64(x[i+lag])
				cross, here, there = cross+a*b, here+a*a, there+b*b
			}
			scores = append(scores, cross/math.Sqrt(1e-9+here*there))
		}
		best := slices.Max(scores)
		pitch := 0.0
		for i := 1; i < len(scores)-1 && best > 0.85; i++ {
			l, m, r := scores[i-1], scores[i], scores[i+1]
			if m > 0.93*best && m >= l && m >= r {
				pitch = rate / (float64(shortest+i) + 0.5*(l-r)/(l-2*m+r))
				break
			}
		}
		all = append(all, pitch)
	}
	return all
}

// median is that of the values that are not 0.
func median(values []float64) float64 {
	values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v == 0 })
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
