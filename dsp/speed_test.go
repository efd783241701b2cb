package dsp_test

import (
	"io"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

func TestSpeedLengthAndBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.Float64Range(dsp.MinSpeed, dsp.MaxSpeed).Draw(t, "factor")
		sound := drawSound(t, drawRate(t, "rate"), 8000)
		want := readAll(t, dsp.Speed(sound.Stream(), factor))
		if exact := int(math.Round(float64(len(sound.Samples)) / factor)); len(want) != exact {
			t.Fatalf("%d frames at speed %v became %d, want %d", len(sound.Samples), factor, len(want), exact)
		}
		source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
		if got := inBlocks(t, dsp.Speed(source, factor)); !slices.Equal(got, want) {
			t.Fatalf("in blocks %d frames, at once %d, or other ones", len(got), len(want))
		}
	})
}

// A chord keeps its three tones and their levels.
func TestSpeedKeepsThePitchOfMusic(t *testing.T) {
	sound := audio.Buffer{Rate: 24000, Samples: make([]float32, 72000)}
	chord := []float64{220, 277.18, 329.63}
	for i := range sound.Samples {
		for _, f := range chord {
			sound.Samples[i] += float32(0.2 * math.Sin(2*math.Pi*f*float64(i)/24000))
		}
	}
	for _, factor := range []float64{0.5, 0.8, 1.25, 2} {
		got := readAll(t, dsp.Speed(sound.Stream(), factor))
		for _, f := range chord {
			p := 0.0
			for near := -5.0; near <= 5; near += 0.5 {
				p = max(p, tonePower(got[4000:16000], 24000, f+near))
			}
			if level := dB(p / 0.02); level < -6 || level > 3 {
				t.Errorf("speed %v: the tone of %.0f Hz changed by %.1f dB", factor, f, level)
			}
		}
		if level := dB(power(got) / power(sound.Samples)); math.Abs(level) > 1 {
			t.Errorf("speed %v: the level changed by %.1f dB", factor, level)
		}
	}
}

func TestSpeedKeepsTime(t *testing.T) {
	sound := vowel(16000, 4, steady(120), 700, 1300)
	for _, factor := range []float64{0.5, 0.9, 1.5, 2} {
		got := readAll(t, dsp.Speed(sound.Stream(), factor))
		for second := 1; second < 4; second++ {
			begins, slack := int(float64(second)*16000/factor), 640
			// The silence before lasts 100 ms.
			if p := power(got[begins-880 : begins-720]); factor <= 1 && p > 1e-6 {
				t.Errorf("speed %v: the voice of second %d is heard too early, at power %.1g", factor, second, p)
			}
			if p := power(got[begins : begins+slack]); p < 1e-4 {
				t.Errorf("speed %v: the voice of second %d is not heard yet, at power %.1g", factor, second, p)
			}
			ends := int((float64(second) - 0.2) * 16000 / factor)
			if p := power(got[ends-slack-160 : ends-slack]); p < 1e-4 {
				t.Errorf("speed %v: the voice before second %d has ended too early, power %.1g", factor, second, p)
			}
		}
	}
}

func TestSpeedAtItsEnds(t *testing.T) {
	s := audio.Silence(16000, 10)
	if dsp.Speed(s, 1) != s {
		t.Error("speed 1 made another stream")
	}
	for _, factor := range []float64{0, 0.49, 2.01, math.NaN(), -1, math.Inf(1)} {
		if n, err := dsp.Speed(audio.Silence(16000, 10), factor).Read(make([]float32, 4)); n != 0 || err == nil || err == io.EOF {
			t.Errorf("speed %v: Read = %d, %v", factor, n, err)
		}
	}
}

func BenchmarkSpeed(b *testing.B) {
	sound := vowel(24000, 10, gliding, 600, 1200, 2500)
	benchmark(b, sound, func(s audio.Stream) audio.Stream { return dsp.Speed(s, 1.3) })
}
