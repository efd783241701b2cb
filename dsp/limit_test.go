package dsp_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// truePeak is the peak of x in dB after a sixteenfold interpolation by a filter
// three times as long as the limiter's.
func truePeak(x []float32) float64 {
	const half, parts = 48, 16
	var taps [parts][2 * half]float64
	for p := range taps {
		for i := range taps[p] {
			d := float64(i-half+1) - float64(p)/parts
			taps[p][i] = math.Pow(math.Cos(math.Pi/2*d/(half+1)), 2)
			if d != 0 {
				taps[p][i] *= math.Sin(math.Pi*d) / (math.Pi * d)
			}
		}
	}
	padded := slices.Concat(make([]float32, 2*half), x, make([]float32, 2*half))
	highest := 0.0
	for at := half; at < len(padded)-half; at++ {
		near := padded[at-half+1 : at+half+1]
		for p := range taps {
			sum := 0.0
			for i, c := range taps[p] {
				sum += c * float64(near[i])
			}
			highest = max(highest, math.Abs(sum))
		}
	}
	return 20 * math.Log10(highest)
}

func TestLimitHoldsTheCeiling(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pattern := func(f func(i int) float64) []float32 {
		x := make([]float32, 6000)
		for i := range x {
			x[i] = float32(f(i))
		}
		return x
	}
	sounds := map[string][]float32{
		"speech":                vowel(24000, 0.5, gliding, 600, 1200, 3000).Samples,
		"noise":                 pattern(func(int) float64 { return r.NormFloat64() }),
		"a quarter of the rate": pattern(func(i int) float64 { return 2 * math.Sin(math.Pi/2*float64(i)+math.Pi/4) }),
		"high sine":             pattern(func(i int) float64 { return 2 * math.Sin(0.87*math.Pi*float64(i)) }),
		"signs at random":       pattern(func(int) float64 { return math.Copysign(1, r.Float64()-0.5) }),
		"square":                pattern(func(i int) float64 { return math.Copysign(1.5, float64(i%30)-14.5) }),
		"single frames":         pattern(func(i int) float64 { return map[bool]float64{true: 4}[i%1500 == 0] }),
		"growing":               pattern(func(i int) float64 { return float64(i) / 1000 * math.Sin(float64(i)/3) }),
		"steps":                 pattern(func(i int) float64 { return math.Pow(4, float64(i/1000%3)) * math.Sin(float64(i)*1.3) }),
		"two frames of a kind":  pattern(func(i int) float64 { return []float64{1, 1, -1, -1}[i%4] * 1.2 }),
	}
	for name, x := range sounds {
		for _, rate := range []audio.SampleRate{8000, 24000, 48000} {
			for _, gain := range []float64{0, 16} {
				out := readAll(t, dsp.Limit(dsp.Gain(audio.Buffer{Rate: rate, Samples: x}.Stream(), gain), -1))
				if got := truePeak(out); got > -1 {
					t.Errorf("%s, %v, %+v dB: the true peak is %.2f dB, from %.2f", name, rate, gain, got, truePeak(x)+gain)
				}
			}
		}
	}
}

// Sound below the ceiling passes bit by bit, also between peaks that do not.
func TestLimitPassesWhatIsBelow(t *testing.T) {
	sound := vowel(16000, 2, gliding, 500, 1500)
	if got := readAll(t, dsp.Limit(sound.Stream(), -1)); !slices.Equal(got, sound.Samples) {
		t.Error("sound below the ceiling was changed")
	}
	loud := slices.Clone(sound.Samples)
	loud[16000] = 3
	got := readAll(t, dsp.Limit(audio.Buffer{Rate: 16000, Samples: loud}.Stream(), -1))
	if !slices.Equal(got[:15800], loud[:15800]) {
		t.Error("sound was changed more than 12 ms before a peak")
	}
	if !slices.Equal(got[31000:], loud[31000:]) {
		t.Error("sound was changed a second after a peak")
	}
	if got[16000] > 0.9 || got[16000] < 0.8 {
		t.Errorf("the peak is %v", got[16000])
	}
}

func TestLimitDoesNotDependOnBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sound := drawSound(t, drawRate(t, "rate"), 6000)
		for i := range sound.Samples {
			sound.Samples[i] *= float32(1 + i/700%4)
		}
		want := readAll(t, dsp.Limit(sound.Stream(), -1))
		if len(want) != len(sound.Samples) {
			t.Fatalf("%d frames became %d", len(sound.Samples), len(want))
		}
		source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
		if got := inBlocks(t, dsp.Limit(source, -1)); !slices.Equal(got, want) {
			t.Fatalf("in blocks %d frames, at once %d, or other ones", len(got), len(want))
		}
	})
}

// ffmpeg's own meter agrees on real speech at the greatest gain.
func TestLimitOfLoudSpeech(t *testing.T) {
	for _, voice := range []string{"slt", "rms", "awb", "kal16", "en-us", "de"} {
		sound := spoken(t, voice, prose)
		out := readAll(t, dsp.Limit(dsp.Gain(sound.Stream(), 16), -1))
		_, peak := ebur128(t, audio.Buffer{Rate: sound.Rate, Samples: out})
		t.Logf("%s: ffmpeg %.1f dBTP, our own %.2f", voice, peak, truePeak(out))
		if peak > -1 {
			t.Errorf("%s: ffmpeg measures a true peak of %.1f dBTP", voice, peak)
		}
		if peak < -1.5 {
			t.Errorf("%s: a true peak of %.1f dBTP is lower than need be", voice, peak)
		}
	}
}

func benchmark(b *testing.B, sound audio.Buffer, effect func(audio.Stream) audio.Stream) {
	b.Helper()
	block := make([]float32, 2048)
	seconds := float64(len(sound.Samples)) / float64(sound.Rate)
	for b.Loop() {
		s := effect(sound.Stream())
		for {
			if _, err := s.Read(block); err != nil {
				break
			}
		}
	}
	b.ReportMetric(seconds*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
}

func BenchmarkLimit(b *testing.B) {
	sound := vowel(24000, 10, gliding, 600, 1200, 2500)
	for name, gain := range map[string]float64{"quiet": -12, "speech": 0, "loud": 16} {
		b.Run(name, func(b *testing.B) {
			louder := audio.Buffer{Rate: 24000, Samples: readAll(b, dsp.Gain(sound.Stream(), gain))}
			benchmark(b, louder, func(s audio.Stream) audio.Stream { return dsp.Limit(s, -1) })
		})
	}
}
