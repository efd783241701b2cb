package dsp_test

import (
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

func buffer(samples ...float32) audio.Buffer { return audio.Buffer{Rate: 1000, Samples: samples} }

func TestGain(t *testing.T) {
	got := readAll(t, dsp.Gain(buffer(0.5, -0.25, 1).Stream(), 20))
	if want := []float32{5, -2.5, 10}; !slices.Equal(got, want) {
		t.Errorf("20 dB louder: %v, want %v", got, want)
	}
	if got := dsp.Amplitude(-6); math.Abs(got-0.501187) > 1e-6 {
		t.Errorf("Amplitude(-6) = %v", got)
	}
	s := buffer(1).Stream()
	if dsp.Gain(s, 0) != s {
		t.Error("0 dB made another stream")
	}
}

// list hands out streams one by one.
func list(streams ...audio.Stream) func() (audio.Stream, error) {
	return func() (audio.Stream, error) {
		if len(streams) == 0 {
			return nil, io.EOF
		}
		s := streams[0]
		streams = streams[1:]
		return s, nil
	}
}

func TestConcat(t *testing.T) {
	s := dsp.Concat(1000, list(buffer(1, 2).Stream(), buffer().Stream(), buffer(3).Stream(), audio.Silence(1000, 2)))
	if got, want := readAll(t, s), []float32{1, 2, 3, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("joined: %v, want %v", got, want)
	}
	if got := readAll(t, dsp.Concat(1000, list())); len(got) != 0 {
		t.Errorf("nothing joined: %v", got)
	}
}

func TestConcatAsksForTheNextStreamOnlyWhenItIsNeeded(t *testing.T) {
	asked := 0
	next := list(buffer(1, 2).Stream(), buffer(3).Stream())
	s := dsp.Concat(1000, func() (audio.Stream, error) { asked++; return next() })
	if asked != 0 {
		t.Error("a stream was asked for before the first Read")
	}
	block := make([]float32, 2)
	if n, err := s.Read(block); n != 2 || err != nil || asked != 1 {
		t.Errorf("first Read = %d, %v after %d streams", n, err, asked)
	}
}

func TestConcatRefusesAnotherRate(t *testing.T) {
	s := dsp.Concat(1000, list(audio.Silence(2000, 5)))
	if n, err := s.Read(make([]float32, 5)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("Read = %d, %v", n, err)
	}
}

func TestFade(t *testing.T) {
	ones := make([]float32, 5000)
	for i := range ones {
		ones[i] = 1
	}
	got := readAll(t, dsp.Fade(buffer(ones...).Stream(), 50*time.Millisecond))
	if len(got) != len(ones) {
		t.Fatalf("%d frames became %d", len(ones), len(got))
	}
	for i, x := range got {
		inside := i >= 50 && i < 4950
		switch {
		case x != got[len(got)-1-i]:
			t.Fatalf("frame %d is %v, its mirror %v", i, x, got[len(got)-1-i])
		case inside && x != 1:
			t.Fatalf("frame %d, far from both ends, is %v", i, x)
		case !inside && (x <= 0 || x >= 1):
			t.Fatalf("frame %d of the fade is %v", i, x)
		case i > 0 && i < 50 && x <= got[i-1]:
			t.Fatalf("the fade falls at frame %d", i)
		}
	}
	if got[0] > 0.001 {
		t.Errorf("the first frame is %v", got[0])
	}
}

func TestFadeOfNothingIsTheStream(t *testing.T) {
	s := buffer(1).Stream()
	if dsp.Fade(s, 0) != s || dsp.Fade(s, -time.Second) != s {
		t.Error("a fade of no length made another stream")
	}
}

func TestFadeOfShortSounds(t *testing.T) {
	for n := range 12 {
		sound := slices.Repeat([]float32{1}, n)
		got := readAll(t, dsp.Fade(buffer(sound...).Stream(), 5*time.Millisecond))
		if len(got) != n {
			t.Fatalf("%d frames became %d", n, len(got))
		}
		for i, x := range got {
			if x <= 0 || x > 1 || x != got[n-1-i] {
				t.Errorf("%d frames faded over 5 at each end: %v", n, got)
				break
			}
		}
	}
}

func TestTrim(t *testing.T) {
	zeros := func(n int) []float32 { return make([]float32, n) }
	sound := []float32{0.5, 0.001, 0, -0.5}
	for _, c := range []struct {
		name       string
		in, want   []float32
		head, tail time.Duration
	}{
		{"both ends", slices.Concat(zeros(5000), sound, zeros(4000)), sound, 0, 0},
		{"keeps some", slices.Concat(zeros(5000), sound, zeros(4000)), slices.Concat(zeros(30), sound, zeros(20)), 30e6, 20e6},
		{"keeps what there is", slices.Concat(zeros(7), sound, zeros(3)), slices.Concat(zeros(7), sound, zeros(3)), 30e6, 20e6},
		{"none at all", sound, sound, 30e6, 20e6},
		{"silence inside", slices.Concat(sound, zeros(3000), sound), slices.Concat(sound, zeros(3000), sound), 0, 0},
		{"long silence inside", slices.Concat(sound, zeros(25_000), sound, zeros(9)), slices.Concat(sound, zeros(25_000), sound), 0, 0},
		{"long silence behind", slices.Concat(sound, zeros(25_000)), slices.Concat(sound, zeros(12_000)), 0, 12 * time.Second},
		{"only silence", zeros(3000), nil, 30e6, 20e6},
		{"nothing", nil, nil, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(t, dsp.Trim(buffer(c.in...).Stream(), dsp.Silence{KeepLeading: c.head, KeepTrailing: c.tail}))
			if !slices.Equal(got, c.want) {
				t.Errorf("%d frames became %d, or other ones; want %d", len(c.in), len(got), len(c.want))
			}
		})
	}
}

func TestTrimThreshold(t *testing.T) {
	got := readAll(t, dsp.Trim(buffer(0.09, -0.1, 0.11, 0.05).Stream(), dsp.Silence{Threshold: 0.1}))
	if want := []float32{0.11}; !slices.Equal(got, want) {
		t.Errorf("trimmed at 0.1: %v, want %v", got, want)
	}
}

// The result does not depend on how it is read, nor on how the source gives.
func TestEffectsDoNotDependOnBlocks(t *testing.T) {
	for name, effect := range map[string]func(audio.Stream) audio.Stream{
		"Gain": func(s audio.Stream) audio.Stream { return dsp.Gain(s, -3) },
		"Fade": func(s audio.Stream) audio.Stream { return dsp.Fade(s, 30*time.Millisecond) },
		"Trim": func(s audio.Stream) audio.Stream {
			return dsp.Trim(s, dsp.Silence{Threshold: 0.3, KeepLeading: 10e6, KeepTrailing: 5e6})
		},
		"Concat": func(s audio.Stream) audio.Stream {
			return dsp.Concat(16000, list(audio.Silence(16000, 700), s, audio.Silence(16000, 1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				sound := drawSound(t, 16000, 6000)
				for range rapid.IntRange(0, 3).Draw(t, "silences") {
					from := rapid.IntRange(0, len(sound.Samples)).Draw(t, "from")
					to := rapid.IntRange(from, len(sound.Samples)).Draw(t, "to")
					clear(sound.Samples[from:to])
				}
				want := readAll(t, effect(sound.Stream()))
				source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
				if got := inBlocks(t, effect(source)); !slices.Equal(got, want) {
					t.Fatalf("in blocks %d frames, at once %d, or other ones", len(got), len(want))
				}
			})
		})
	}
}

func BenchmarkTrimFadeGain(b *testing.B) {
	sound := sine(24000, 440, 10*24000)
	block := make([]float32, 2048)
	for b.Loop() {
		s := dsp.Gain(dsp.Fade(dsp.Trim(sound.Stream(), dsp.Silence{}), 5*time.Millisecond), 3)
		for {
			if _, err := s.Read(block); err != nil {
				break
			}
		}
	}
	b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
}
