package audio_test

import (
	"io"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
)

func TestDurationAndFramesAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := audio.SampleRate(rapid.IntRange(8000, 48000).Draw(t, "rate"))
		n := rapid.Int64Range(0, 48000*3600*24*30).Draw(t, "frames") // a month
		if got := rate.Frames(rate.Duration(n)); got != n {
			t.Errorf("%d frames at %v last %v, which are %d frames", n, rate, rate.Duration(n), got)
		}
	})
}

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		rate audio.SampleRate
		n    audio.Frames
		want time.Duration
	}{
		{24000, 24000, time.Second},
		{22050, 1, 45351 * time.Nanosecond},
		{16000, 0, 0},
		{48000, 48000 * 86400 * 365, 365 * 24 * time.Hour}, // no overflow
	} {
		if got := c.rate.Duration(c.n); got != c.want {
			t.Errorf("%d frames at %v last %v, want %v", c.n, c.rate, got, c.want)
		}
	}
	if got := audio.SampleRate(22050).Frames(time.Second / 3); got != 7350 {
		t.Errorf("a third of a second has %d frames, want 7350", got)
	}
}

func TestBufferIsWhatItStreams(t *testing.T) {
	samples := []float32{0, 0.5, -1, 2, float32(math.Pi)}
	got, err := audio.ReadAll(audio.Buffer{Rate: 8000, Samples: samples}.Stream())
	if err != nil || got.Rate != 8000 || len(got.Samples) != len(samples) {
		t.Fatalf("%v, %v", got, err)
	}
	for i := range samples {
		if got.Samples[i] != samples[i] {
			t.Errorf("frame %d is %v, want %v", i, got.Samples[i], samples[i])
		}
	}
}

func TestStreamContract(t *testing.T) {
	for name, s := range map[string]audio.Stream{
		"buffer":  audio.Buffer{Rate: 8000, Samples: make([]float32, 10)}.Stream(),
		"silence": audio.Silence(8000, 10),
	} {
		if n, err := s.Read(nil); n != 0 || err != nil {
			t.Errorf("%s: reading into nothing gives %d, %v", name, n, err)
		}
		p := []float32{9, 9, 9, 9, 9, 9, 9}
		for _, want := range []int{7, 3} {
			if n, err := s.Read(p); n != want || err != nil || p[0] != 0 || p[n-1] != 0 {
				t.Errorf("%s: %d, %v, %v; want %d frames of zero", name, n, err, p, want)
			}
		}
		for range 2 {
			if n, err := s.Read(p); n != 0 || err != io.EOF {
				t.Errorf("%s: after the end %d, %v", name, n, err)
			}
		}
	}
}

func TestSilenceMixesReads(t *testing.T) {
	s := audio.Silence(8000, 10)
	samples := []int16{9, 9, 9, 9}
	if n, err := s.ReadFrames(samples); n != 4 || err != nil || samples[0] != 0 || samples[3] != 0 {
		t.Errorf("%d, %v, %v", n, err, samples)
	}
	if rest, err := audio.ReadAll(s); err != nil || len(rest.Samples) != 6 {
		t.Errorf("%d frames are left, %v", len(rest.Samples), err)
	}
}
