package dsp_test

import (
	"errors"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/internal/needs"
)

var meterLines = regexp.MustCompile(`(?s)Summary:.*I:\s+(-?[\d.]+|-inf) LUFS.*Peak:\s+(-?[\d.]+|-inf) dBFS`)

// ebur128 is what ffmpeg's meter says of a sound, to a tenth.
func ebur128(t testing.TB, sound audio.Buffer) (lufs, peak float64) {
	t.Helper()
	needs.Program(t, "ffmpeg")
	wav := filepath.Join(t.TempDir(), "sound.wav")
	writeWAV(t, wav, sound)
	out, err := exec.Command("ffmpeg", "-hide_banner", "-nostdin", "-i", wav, "-af", "ebur128=peak=true", "-f", "null", "-").CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	found := meterLines.FindSubmatch(out)
	if found == nil {
		t.Fatalf("ffmpeg says no loudness: %s", out)
	}
	lufs, _ = strconv.ParseFloat(string(found[1]), 64)
	peak, _ = strconv.ParseFloat(string(found[2]), 64)
	return lufs, peak
}

// EBU Tech 3341, case 1: a sine of 1 kHz at -23 dB is -23 LUFS in two channels,
// 3.01 LU less in one.
func TestLoudnessOfASine(t *testing.T) {
	for _, rate := range []audio.SampleRate{8000, 16000, 22050, 24000, 44100, 48000} {
		sound := sine(rate, 1000, 20*int(rate))
		lufs, peak, err := dsp.Loudness(dsp.Gain(sound.Stream(), -23+6.0206))
		if err != nil || math.Abs(lufs+26.01) > 0.05 || math.Abs(peak+23) > 0.1 {
			t.Errorf("%v: %.3f LUFS, %.3f dBTP, %v; want -26.01 and -23", rate, lufs, peak, err)
		}
	}
}

// EBU Tech 3341, case 3: what is 10 LU below the rest is not counted.
func TestLoudnessIsGated(t *testing.T) {
	tone := sine(48000, 1000, 48000*60)
	part := func(dB float64, seconds int) audio.Stream {
		return dsp.Gain(audio.Buffer{Rate: 48000, Samples: tone.Samples[:48000*seconds]}.Stream(), dB+6.0206)
	}
	lufs, _, err := dsp.Loudness(dsp.Concat(48000, list(part(-36, 10), part(-23, 60), part(-36, 10))))
	if err != nil || math.Abs(lufs+26.01) > 0.1 {
		t.Errorf("%.3f LUFS, %v; want -26.01", lufs, err)
	}
}

func TestLoudnessOfNothing(t *testing.T) {
	for name, s := range map[string]audio.Stream{
		"nothing": audio.Silence(16000, 0), "silence": audio.Silence(16000, 32000),
	} {
		if lufs, peak, err := dsp.Loudness(s); err != nil || !math.IsInf(lufs, -1) || !math.IsInf(peak, -1) {
			t.Errorf("%s: %v LUFS, %v dBTP, %v", name, lufs, peak, err)
		}
	}
	if _, _, err := dsp.Loudness(breaking{sine(16000, 440, 5000).Stream()}); !errors.Is(err, errBroken) {
		t.Errorf("error %v, want the source's", err)
	}
}

// The peak of a sine at a quarter of the rate lies 3 dB above its frames.
func TestLoudnessFindsPeaksBetweenFrames(t *testing.T) {
	sound := audio.Buffer{Rate: 48000, Samples: make([]float32, 48000)}
	for i := range sound.Samples {
		// A slow rise, so that the sine is one to the filter as well.
		rise := min(1, float64(i)/4800, float64(len(sound.Samples)-i)/4800)
		sound.Samples[i] = float32(0.5 * rise * math.Sin(math.Pi/2*float64(i)+math.Pi/4))
	}
	if _, peak, err := dsp.Loudness(sound.Stream()); err != nil || math.Abs(peak+6.02) > 0.1 {
		t.Errorf("%.2f dBTP, %v; want -6.02", peak, err)
	}
}

func TestLoudnessAgreesWithFFmpeg(t *testing.T) {
	for _, voice := range []string{"slt", "rms", "awb", "kal16", "en-us", "de"} {
		sound := spoken(t, voice, prose)
		wantLUFS, wantPeak := ebur128(t, sound)
		lufs, peak, err := dsp.Loudness(sound.Stream())
		t.Logf("%s: %.2f LUFS, %.2f dBTP; ffmpeg %.1f and %.1f", voice, lufs, peak, wantLUFS, wantPeak)
		if err != nil || math.Abs(lufs-wantLUFS) > 0.15 || math.Abs(peak-wantPeak) > 0.3 {
			t.Errorf("%s: %.2f LUFS, %.2f dBTP, %v; ffmpeg says %.1f and %.1f", voice, lufs, peak, err, wantLUFS, wantPeak)
		}
	}
}

func BenchmarkLoudness(b *testing.B) {
	sound := vowel(24000, 10, gliding, 600, 1200, 2500)
	for b.Loop() {
		if _, _, err := dsp.Loudness(sound.Stream()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
}
