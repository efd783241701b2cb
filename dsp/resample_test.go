package dsp_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// sine is n frames of a sine of hertz and amplitude 1/2.
func sine(rate audio.SampleRate, hertz float64, n int) audio.Buffer {
	b := audio.Buffer{Rate: rate, Samples: make([]float32, n)}
	for i := range b.Samples {
		b.Samples[i] = float32(0.5 * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
	}
	return b
}

func readAll(t rapid.TB, s audio.Stream) []float32 {
	t.Helper()
	b, err := audio.ReadAll(s)
	if err != nil {
		t.Fatal(err)
	}
	return b.Samples
}

// power is the mean square of x.
func power(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(x))
}

// noise is the power of got against the sine of hertz and amplitude 1/2 that
// it should be, phase and level included.
func noise(got []float32, rate audio.SampleRate, hertz float64, from int) float64 {
	sum := 0.0
	for i, v := range got {
		want := 0.5 * math.Sin(2*math.Pi*hertz*float64(i+from)/float64(rate))
		sum += (float64(v) - want) * (float64(v) - want)
	}
	return sum / float64(len(got))
}

func dB(powerRatio float64) float64 { return 10 * math.Log10(powerRatio) }

// The error counted here holds everything: level, phase, delay, images.
func TestResampleKeepsThePassBand(t *testing.T) {
	for _, c := range []struct {
		from, to audio.SampleRate
		snr      float64
	}{
		{22050, 24000, 100}, {16000, 24000, 100}, {24000, 16000, 100}, {24000, 48000, 100},
		{48000, 8000, 100}, {8000, 48000, 100}, {22050, 44100, 100}, {44100, 48000, 100},
		{24000, 22050, 100}, {16000, 22050, 100},
		{22050, 44056, 100}, {47999, 48000, 100}, {48000, 8001, 100}, {8001, 47999, 100}, {11025, 15991, 100},
	} {
		t.Run(fmt.Sprintf("%d to %d", c.from, c.to), func(t *testing.T) {
			nyquist, worst := float64(min(c.from, c.to))/2, math.Inf(1)
			for _, part := range []float64{0.001, 0.05, 0.2, 0.4, 0.55, 0.7, 0.8, 0.81} {
				hertz := part * nyquist
				out := readAll(t, dsp.Resample(sine(c.from, hertz, int(c.from)/2).Stream(), c.to))
				edge := len(out) / 5
				snr := -dB(noise(out[edge:len(out)-edge], c.to, hertz, edge) / 0.125)
				worst = min(worst, snr)
				if snr < c.snr {
					t.Errorf("a sine of %.0f Hz has an SNR of %.1f dB, want %.0f", hertz, snr, c.snr)
				}
			}
			t.Logf("worst SNR %.1f dB", worst)
		})
	}
}

func TestResampleSuppressesAliases(t *testing.T) {
	const want = -90
	for _, c := range []struct{ from, to audio.SampleRate }{
		{24000, 16000}, {24000, 22050}, {48000, 8000}, {22050, 16000}, {48000, 44100}, {48000, 8001},
	} {
		t.Run(fmt.Sprintf("%d to %d", c.from, c.to), func(t *testing.T) {
			low, high, worst := float64(c.to)/2, float64(c.from)/2, math.Inf(-1)
			for _, part := range []float64{0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.99} {
				hertz := low + part*(high-low)
				out := readAll(t, dsp.Resample(sine(c.from, hertz, int(c.from)/2).Stream(), c.to))
				edge := len(out) / 5
				level := dB(power(out[edge:len(out)-edge]) / 0.125)
				worst = max(worst, level)
				if level > want {
					t.Errorf("a sine of %.0f Hz, beyond %.0f Hz, is left at %.1f dB, want %d", hertz, low, level, want)
				}
			}
			t.Logf("worst alias %.1f dB", worst)
		})
	}
}

func TestResampleKeepsAConstant(t *testing.T) {
	ones := audio.Buffer{Rate: 22050, Samples: make([]float32, 4000)}
	for i := range ones.Samples {
		ones.Samples[i] = 1
	}
	out := readAll(t, dsp.Resample(ones.Stream(), 24000))
	for i, x := range out[100 : len(out)-100] {
		if math.Abs(float64(x)-1) > 1e-5 {
			t.Fatalf("frame %d of a constant 1 is %v", i+100, x)
		}
	}
}

func TestResampleAlignsTheFirstFrame(t *testing.T) {
	for _, to := range []audio.SampleRate{8000, 12000, 24000, 48000, 44100, 47990} {
		impulse := audio.Buffer{Rate: 16000, Samples: make([]float32, 3200)}
		impulse.Samples[0] = 1 // at 0 s
		impulse.Samples[1600] = 1
		out := readAll(t, dsp.Resample(impulse.Stream(), to))
		peak := int(to) / 10
		for i, x := range out[1000*int(to)/16000:] {
			if at := i + 1000*int(to)/16000; at != peak && x > out[peak] {
				t.Errorf("to %v: frame %d is higher than frame %d, where the impulse belongs", to, at, peak)
			}
		}
		if out[0] < out[1] || out[0] < out[2] {
			t.Errorf("to %v: the first frame is not the first impulse: %v", to, out[:3])
		}
	}
}

func drawRate(t *rapid.T, name string) audio.SampleRate {
	return audio.SampleRate(rapid.OneOf(
		rapid.SampledFrom([]int{8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000}),
		rapid.IntRange(8000, 48000),
	).Draw(t, name))
}

// inBlocks reads s in blocks of drawn sizes.
func inBlocks(t *rapid.T, s audio.Stream) []float32 {
	sizes := rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 8).Filter(func(sizes []int) bool {
		return sizes[0] > 0 // else nothing might ever be read
	}).Draw(t, "blocks")
	var all []float32
	for i := 0; ; i++ {
		block := make([]float32, sizes[i%len(sizes)])
		n, err := s.Read(block)
		all = append(all, block[:n]...)
		switch {
		case err == io.EOF:
			return all
		case err != nil:
			t.Fatal(err)
		case n == 0 && len(block) > 0:
			t.Fatal("Read gave no frame and no error")
		}
	}
}

// jerky gives its sound in blocks of a few frames.
type jerky struct {
	audio.Stream
	sizes []int
	next  int
}

func (j *jerky) Read(p []float32) (int, error) {
	j.next++
	return j.Stream.Read(p[:min(len(p), j.sizes[j.next%len(j.sizes)])])
}

func drawSound(t *rapid.T, rate audio.SampleRate, most int) audio.Buffer {
	n := rapid.IntRange(0, most).Draw(t, "frames")
	return sine(rate, rapid.Float64Range(20, 5000).Draw(t, "hertz"), n)
}

func TestResampleLengthAndBlocks(t *testing.T) {
	resampler := new(dsp.Resampler)
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawRate(t, "from"), drawRate(t, "to")
		sound := drawSound(t, from, 5000)
		want := readAll(t, resampler.Resample(sound.Stream(), to))
		exact := math.Round(float64(len(sound.Samples)) * float64(to) / float64(from))
		if len(want) != int(exact) {
			t.Fatalf("%d frames of %v became %d of %v, want %v", len(sound.Samples), from, len(want), to, exact)
		}
		source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
		got := inBlocks(t, resampler.Resample(source, to))
		if len(got) != len(want) {
			t.Fatalf("in blocks %d frames, at once %d", len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("frame %d is %v in blocks and %v at once", i, got[i], want[i])
			}
		}
	})
}

func TestResampleOfEqualRatesIsTheStream(t *testing.T) {
	s := audio.Silence(24000, 10)
	if dsp.Resample(s, 24000) != s {
		t.Error("equal rates made another stream")
	}
}

func TestResampleRefusesRatesOutsideItsRange(t *testing.T) {
	for _, c := range []struct{ from, to audio.SampleRate }{{7999, 8000}, {8000, 48001}, {24000, 0}, {24000, -8000}, {96000, 24000}} {
		s := dsp.Resample(audio.Silence(c.from, 10), c.to)
		if n, err := s.Read(make([]float32, 4)); n != 0 || err == nil || err == io.EOF {
			t.Errorf("%v to %v: Read = %d, %v", c.from, c.to, n, err)
		}
	}
}

var errBroken = errors.New("broken")

// breaking plays a sound and then fails.
type breaking struct{ audio.Stream }

func (b breaking) Read(p []float32) (int, error) {
	n, err := b.Stream.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

// Every stream of the package passes its source's error on, and keeps to it.
func TestErrorsPassThrough(t *testing.T) {
	sources := func() audio.Stream { return breaking{sine(16000, 440, 5000).Stream()} }
	for name, s := range map[string]audio.Stream{
		"Resample":  dsp.Resample(sources(), 24000),
		"Gain":      dsp.Gain(sources(), 6),
		"Fade":      dsp.Fade(sources(), 5e6),
		"Trim":      dsp.Trim(sources(), dsp.Silence{}),
		"Concat":    dsp.Concat(16000, func() (audio.Stream, error) { return sources(), nil }),
		"Prosody":   dsp.Prosody(sources(), 1.2, 2),
		"Limit":     dsp.Limit(sources(), -1),
		"Speed":     dsp.Speed(sources(), 1.2),
		"Clip":      dsp.Clip(sources(), 10, -1),
		"skip":      dsp.Clip(sources(), 9000, -1),
		"FadeInOut": dsp.FadeInOut(sources(), 10, 10, 0),
		"Repeat":    dsp.Repeat(16000, func() (audio.Stream, error) { return sources(), nil }, 3, -1),
		"Mix":       dsp.Mix(16000, []dsp.Track{{Open: func() (audio.Stream, error) { return sources(), nil }}}),
		"profile":   profile(t, "large-automotive-class-device")(sources()),
		"next":      dsp.Concat(16000, func() (audio.Stream, error) { return nil, errBroken }),
	} {
		if _, err := audio.ReadAll(s); err != errBroken {
			t.Errorf("%s: error %v, want the source's", name, err)
		}
		if n, err := s.Read(make([]float32, 10)); n != 0 || err != errBroken {
			t.Errorf("%s: Read after the error = %d, %v", name, n, err)
		}
		if n, err := s.Read(nil); n != 0 || err != nil {
			t.Errorf("%s: Read of nothing = %d, %v", name, n, err)
		}
	}
}

func BenchmarkResample(b *testing.B) {
	for _, c := range []struct{ from, to audio.SampleRate }{
		{22050, 24000}, {16000, 24000}, {22050, 48000}, {24000, 8000}, {22050, 44056},
	} {
		b.Run(fmt.Sprintf("%d-%d", c.from, c.to), func(b *testing.B) {
			resampler := new(dsp.Resampler)
			sound := sine(c.from, 440, 10*int(c.from))
			block := make([]float32, 2048)
			for b.Loop() {
				s := resampler.Resample(sound.Stream(), c.to)
				for {
					if _, err := s.Read(block); err != nil {
						break
					}
				}
			}
			b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
		})
	}
}

func BenchmarkNewFilter(b *testing.B) {
	for _, to := range []audio.SampleRate{24000, 44056} {
		b.Run(to.String(), func(b *testing.B) {
			for b.Loop() {
				dsp.Resample(audio.Silence(22050, 0), to)
			}
		})
	}
}
