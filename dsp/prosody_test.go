package dsp_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// vowel is speech of a kind: pulses at the pitch that hertz gives for each
// second, through resonances at the formants, with breaks of noise and silence.
func vowel(rate audio.SampleRate, seconds float64, hertz func(second float64) float64, formants ...float64) audio.Buffer {
	b := audio.Buffer{Rate: rate, Samples: make([]float32, int(seconds*float64(rate)))}
	noise := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, len(b.Samples))
	phase := 0.0
	for i := range x {
		second := float64(i) / float64(rate)
		phase += hertz(second) / float64(rate)
		if phase >= 1 {
			phase--
			x[i] = 1
		}
		if math.Mod(second, 1) > 0.8 {
			x[i] = 0.1 * noise.NormFloat64()
		}
		if math.Mod(second, 1) > 0.9 {
			x[i] = 0
		}
	}
	for _, f := range formants {
		radius := math.Exp(-math.Pi * 80 / float64(rate))
		a, c := 2*radius*math.Cos(2*math.Pi*f/float64(rate)), -radius*radius
		y1, y2 := 0.0, 0.0
		for i := range x {
			x[i] += a*y1 + c*y2
			y1, y2 = x[i], y1
		}
	}
	peak := 0.0
	for _, v := range x {
		peak = max(peak, math.Abs(v))
	}
	for i, v := range x {
		b.Samples[i] = float32(0.5 * v / peak)
	}
	return b
}

func steady(hertz float64) func(float64) float64 { return func(float64) float64 { return hertz } }

func gliding(second float64) float64 { return 150 + 60*math.Sin(2*math.Pi*0.7*second) }

func TestProsodyKeepsTheExactLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(dsp.MinRate, dsp.MaxRate).Draw(t, "rate")
		semitones := rapid.Float64Range(-dsp.MaxSemitones, dsp.MaxSemitones).Draw(t, "semitones")
		sound := drawSound(t, drawRate(t, "hertz"), 20_000)
		want := int(math.Round(float64(len(sound.Samples)) / rate))
		if got := readAll(t, dsp.Prosody(sound.Stream(), rate, semitones)); len(got) != want {
			t.Fatalf("%d frames at rate %v became %d, want %d", len(sound.Samples), rate, len(got), want)
		}
	})
}

func TestProsodyDoesNotDependOnBlocks(t *testing.T) {
	for _, rate := range []audio.SampleRate{8000, 22050, 48000} {
		sound := vowel(rate, 1.5, gliding, 600, 1200, 2500)
		rapid.Check(t, func(t *rapid.T) {
			factor := rapid.SampledFrom([]float64{0.25, 0.8, 1, 1.7, 4}).Draw(t, "rate")
			semitones := rapid.SampledFrom([]float64{-20, -3, 0, 5, 20}).Draw(t, "semitones")
			want := readAll(t, dsp.Prosody(sound.Stream(), factor, semitones))
			source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
			if got := inBlocks(t, dsp.Prosody(source, factor, semitones)); !slices.Equal(got, want) {
				t.Fatalf("in blocks %d frames, at once %d, or other ones", len(got), len(want))
			}
		})
	}
}

func TestProsodyOfNoChangeIsTheStream(t *testing.T) {
	s := audio.Silence(16000, 10)
	if dsp.Prosody(s, 1, 0) != s {
		t.Error("rate 1 and no semitones made another stream")
	}
}

func TestProsodyRefusesWhatItCannotDo(t *testing.T) {
	for _, c := range []struct{ rate, semitones float64 }{
		{0.24, 0}, {4.1, 0}, {1, 20.1}, {1, -20.1}, {math.NaN(), 0}, {1, math.NaN()}, {0, 0}, {-1, 0}, {math.Inf(1), 0},
	} {
		if n, err := dsp.Prosody(audio.Silence(16000, 10), c.rate, c.semitones).Read(make([]float32, 4)); n != 0 || err == nil || err == io.EOF {
			t.Errorf("rate %v, %v semitones: Read = %d, %v", c.rate, c.semitones, n, err)
		}
	}
}

// Noise has no pitch: at rate 1 it passes as it is, whatever the semitones.
func TestProsodyPassesNoise(t *testing.T) {
	sound := whiteNoise(24000, 24000)
	got := readAll(t, dsp.Prosody(sound.Stream(), 1, 7))
	for i := range got {
		if math.Abs(float64(got[i]-sound.Samples[i])) > 1e-6 {
			t.Fatalf("frame %d of noise was %v and is %v", i, sound.Samples[i], got[i])
		}
	}
}

func whiteNoise(rate audio.SampleRate, n int) audio.Buffer {
	b := audio.Buffer{Rate: rate, Samples: make([]float32, n)}
	r := rand.New(rand.NewPCG(3, 4))
	for i := range b.Samples {
		b.Samples[i] = float32(0.1 * r.NormFloat64())
	}
	return b
}

// Noise that is slowed down must not hum: no lag of it correlates much, and
// its level is the source's.
func TestProsodyStretchesNoiseWithoutATone(t *testing.T) {
	for _, rate := range []float64{0.25, 0.5, 0.8, 1.5, 4} {
		source := whiteNoise(16000, 64000)
		got := readAll(t, dsp.Prosody(source.Stream(), rate, 0))
		if level := dB(power(got) / power(source.Samples)); math.Abs(level) > 0.5 {
			t.Errorf("rate %v: the level changed by %.1f dB", rate, level)
		}
		worst, at := 0.0, 0
		for lag := 16; lag < 800; lag++ { // 1 to 50 ms
			sum := 0.0
			for i := range len(got) - lag {
				sum += float64(got[i]) * float64(got[i+lag])
			}
			if c := math.Abs(sum) / float64(len(got)-lag) / power(got); c > worst {
				worst, at = c, lag
			}
		}
		t.Logf("rate %v: the highest correlation is %.3f, at a lag of %.1f ms", rate, worst, float64(at)/16)
		if worst > 0.05 {
			t.Errorf("rate %v: noise correlates by %.2f with itself %.1f ms later", rate, worst, float64(at)/16)
		}
	}
}

// What is at frame x is heard at x/rate: clicks of a voice that stops and goes.
func TestProsodyKeepsTime(t *testing.T) {
	sound := vowel(16000, 4, steady(120), 700, 1300)
	for _, rate := range []float64{0.25, 0.5, 0.9, 1, 1.6, 2, 4} {
		for _, semitones := range []float64{-12, 0, 7} {
			if rate == 1 && semitones == 0 {
				continue
			}
			got := readAll(t, dsp.Prosody(sound.Stream(), rate, semitones))
			// The voice of each second ends in noise at 0.8 and silence at 0.9,
			// and begins again at 1.
			for second := 1; second < 4; second++ {
				begins := int(float64(second) * 16000 / rate)
				slack := int(0.012 * 16000 / min(rate, 1))
				if p := power(got[begins-slack-40 : begins-slack]); p > 1e-6 {
					t.Errorf("rate %v, %+v st: the voice of second %d is heard too early, at power %.1g", rate, semitones, second, p)
				}
				if p := power(got[begins : begins+2*slack]); p < 1e-4 {
					t.Errorf("rate %v, %+v st: the voice of second %d is not heard yet, at power %.1g", rate, semitones, second, p)
				}
			}
		}
	}
}

// The formants stay where they are when the pitch moves: the spectrum of a
// vowel is highest around them.
func TestProsodyKeepsFormants(t *testing.T) {
	const formant = 1500
	sound := vowel(24000, 0.7, steady(110), formant)
	for _, semitones := range []float64{-12, -6, 6, 12} {
		got := readAll(t, dsp.Prosody(sound.Stream(), 1, semitones))[4000:14000]
		step := 110 * math.Pow(2, semitones/12)
		best, at := 0.0, 0.0
		for k := 1.0; k*step < 6000; k++ {
			if p := tonePower(got, 24000, k*step); p > best {
				best, at = p, k*step
			}
		}
		if math.Abs(at-formant) > 0.51*step+20 {
			t.Errorf("%+v semitones: the formant of %d Hz is at %.0f", semitones, formant, at)
		}
		if got := median(pitches(audio.Buffer{Rate: 24000, Samples: got}, step/2, step*1.9)); math.Abs(got/step-1) > 0.005 {
			t.Errorf("%+v semitones: the pitch is %.1f Hz, want %.1f", semitones, got, step)
		}
	}
}

// tonePower is the power of x at hertz.
func tonePower(x []float32, rate audio.SampleRate, hertz float64) float64 {
	re, im := 0.0, 0.0
	for i, v := range x {
		// Under a window, so that other tones do not leak in.
		w := float64(v) * (1 - math.Cos(2*math.Pi*float64(i)/float64(len(x))))
		sin, cos := math.Sincos(2 * math.Pi * hertz * float64(i) / float64(rate))
		re, im = re+w*cos, im+w*sin
	}
	n := float64(len(x))
	return 2 * (re*re + im*im) / (n * n)
}

// drops gives a frame at a time and counts them.
type drops struct {
	audio.Stream
	given int
}

func (d *drops) Read(p []float32) (int, error) {
	n, err := d.Stream.Read(p[:min(len(p), 1)])
	d.given += n
	return n, err
}

func TestProsodyReadsAheadLittle(t *testing.T) {
	for _, semitones := range []float64{-12, 0, 6} {
		source := &drops{Stream: vowel(16000, 2, gliding, 600, 1200).Stream()}
		s := dsp.Prosody(source, 1.2, semitones)
		heard, worst := 0, 0
		for heard < 20_000 {
			n, err := s.Read(make([]float32, 1))
			if err != nil {
				t.Fatal(err)
			}
			worst = max(worst, source.given-int(1.2*float64(heard)))
			heard += n
		}
		if ms := float64(worst) / 16; ms > 75 {
			t.Errorf("%+v semitones: %.0f ms were read ahead", semitones, ms)
		}
	}
}

// An hour needs no more memory than a minute.
func TestProsodyBoundsItsMemory(t *testing.T) {
	for _, sound := range []audio.Buffer{vowel(16000, 1, gliding, 500), whiteNoise(16000, 16000), {Rate: 16000, Samples: make([]float32, 16000)}} {
		s := dsp.Prosody(dsp.Concat(16000, func() (audio.Stream, error) { return sound.Stream(), nil }), 1.1, 3)
		block := make([]float32, 4096)
		read := func(seconds int) {
			for range seconds * 4 {
				if _, err := s.Read(block); err != nil {
					t.Fatal(err)
				}
			}
		}
		read(20)
		if grown := testing.AllocsPerRun(1, func() { read(60) }); grown > 70*2 {
			// Concat's streams are an allocation or two a second.
			t.Errorf("%v allocations in another minute", grown)
		}
	}
}

// The fundamental frequency moves as told, in the middle and where the voice
// moves: each 10 ms of the result is compared with what the source had there.
func TestProsodyPitchOfVoices(t *testing.T) {
	voices := []string{"slt", "kal16", "en-us", "rms", "awb", "en-us+f3", "de"}
	if testing.Short() {
		voices = voices[:1]
	}
	for _, voice := range voices {
		t.Run(voice, func(t *testing.T) {
			source := spoken(t, voice, prose)
			before := pitches(source, 50, 500)
			for _, semitones := range []float64{-12, -6, -1, 1, 6, 12} {
				factor := math.Pow(2, semitones/12)
				out := audio.Buffer{Rate: source.Rate, Samples: readAll(t, dsp.Prosody(source.Stream(), 1, semitones))}
				after := pitches(out, 50*factor, 500*factor)
				var ratios []float64
				for i := range min(len(before), len(after)) {
					if before[i] > 0 && after[i] > 0 {
						ratios = append(ratios, after[i]/before[i]/factor)
					}
				}
				near := 0
				for _, r := range ratios {
					if math.Abs(r-1) < 0.1 {
						near++
					}
				}
				level := dB(power(out.Samples) / power(source.Samples))
				t.Logf("%+3.0f st: f0 %.4f of what it should be, %.0f %% of %d places near; level %+.1f dB", semitones,
					median(ratios), 100*float64(near)/float64(len(ratios)), len(ratios), level)
				if math.Abs(level) > 1 {
					t.Errorf("%+v semitones: the level changed by %.1f dB", semitones, level)
				}
				if r := median(ratios); math.Abs(r-1) > 0.02 {
					t.Errorf("%+v semitones: f0 is %.3f of what it should be", semitones, r)
				}
				if 20*near < 19*len(ratios) || len(ratios) < 30 {
					t.Errorf("%+v semitones: f0 is right at %d of %d places", semitones, near, len(ratios))
				}
			}
		})
	}
}

func BenchmarkProsody(b *testing.B) {
	for _, c := range []struct {
		rate            audio.SampleRate
		factor, semites float64
	}{{24000, 1, 6}, {24000, 1, -6}, {24000, 0.5, 0}, {24000, 2, 0}, {24000, 1.3, 12}, {48000, 1, 6}, {16000, 1, 6}} {
		b.Run(fmt.Sprintf("%d/rate%v/pitch%+v", int(c.rate), c.factor, c.semites), func(b *testing.B) {
			speech := spoken(b, "slt", prose)
			sound := audio.Buffer{Rate: c.rate, Samples: readAll(b, dsp.Resample(speech.Stream(), c.rate))}
			seconds := float64(len(sound.Samples)) / float64(c.rate) / c.factor
			block := make([]float32, 2048)
			for b.Loop() {
				s := dsp.Prosody(sound.Stream(), c.factor, c.semites)
				for {
					if _, err := s.Read(block); err != nil {
						break
					}
				}
			}
			b.ReportMetric(seconds*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
		})
	}
}
