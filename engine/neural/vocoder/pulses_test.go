package vocoder

import (
	"math"
	"testing"
)

func TestPulses(t *testing.T) {
	pitch := exampleOf(60).pitch
	want := referencePulses(pitch)
	p := &pulses{}
	p.fill()
	p.start(pitch)
	var out [Hop]float32
	voiced := 0
	for k := range pitch {
		if p.next(k, &out) {
			voiced++
		}
		for j, x := range out {
			if d := math.Abs(float64(x) - want[k*Hop+j]); d > 2e-3 {
				t.Fatalf("frame %d, sample %d: %v, not %v", k, j, x, want[k*Hop+j])
			}
		}
	}
	if voiced < 40 || voiced == 60 {
		t.Errorf("%d frames were voiced", voiced)
	}
}

// TestSkip wants the same phase with and without the samples.
func TestSkip(t *testing.T) {
	pitch := exampleOf(60).pitch
	a, b := &pulses{}, &pulses{}
	a.fill()
	b.fill()
	a.start(pitch)
	b.start(pitch)
	var out [Hop]float32
	for k := range pitch {
		a.next(k, &out)
		if b.skip(k); a.phase != b.phase {
			t.Fatalf("the phases differ behind frame %d", k)
		}
	}
}
