package hibari

import (
	"math"
	"slices"
	"testing"

	"github.com/lectern/lectern/engine/neural/acoustic"
)

// TestPitch wants a voice at another pitch to say the same in the same time.
func TestPitch(t *testing.T) {
	m := open(t)
	say := func(factor float64) recorder {
		var r recorder
		if err := m.Speak(t.Context(), acoustic.Input{Phonemes: []rune(phonemes[0]), Speed: 1, Seed: 1, Pitch: factor}, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	own := say(1)
	if same := say(0); !slices.Equal(same.samples, own.samples) {
		t.Error("no pitch is not the voice's own")
	}
	for _, factor := range []float64{0.8, 1.25} {
		other := say(factor)
		if !slices.Equal(other.durations, own.durations) || len(other.samples) != len(own.samples) {
			t.Errorf("at %g times the pitch the times are others", factor)
		}
		got := heardPitch(other.samples) / heardPitch(own.samples)
		if math.Abs(got/factor-1) > 0.03 {
			t.Errorf("at %g times the pitch it is %.3f times as high", factor, got)
		}
	}
}

// heardPitch is the median pitch of what is voiced, by autocorrelation.
func heardPitch(samples []float32) float64 {
	const rate, window, least, most = 24000, 1200, 80, 450 // hertz
	var pitches []float64
	for at := 0; at+2*window <= len(samples); at += window {
		best, lag := 0.0, 0
		x := samples[at : at+2*window]
		for l := rate / most; l <= rate/least; l++ {
			var dot, a, b float64
			for i := range window {
				dot += float64(x[i]) * float64(x[i+l])
				a += float64(x[i]) * float64(x[i])
				b += float64(x[i+l]) * float64(x[i+l])
			}
			// The shortest of equal ones is the period.
			if c := dot / math.Sqrt(a*b+1e-9); c > best+0.02 {
				best, lag = c, l
			}
		}
		if best > 0.8 {
			pitches = append(pitches, rate/float64(lag))
		}
	}
	slices.Sort(pitches)
	return pitches[len(pitches)/2]
}

// TestShiftedRefusesOtherFeatures wants a network that has no pitch among its
// features to be told of.
func TestShiftedRefusesOtherFeatures(t *testing.T) {
	pitch := []float32{0, 120, 200}
	if _, _, err := shifted(pitch, make([]float32, 3*3), 1.2); err == nil {
		t.Error("features without a pitch were shifted")
	}
	if _, _, err := shifted(pitch, make([]float32, 3), 1.2); err == nil {
		t.Error("features of one channel were shifted")
	}
}
