//go:build cgo && !nomp3

package mp3

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/pcm"
)

// What a plain encoder makes of a disputed packet's block after the few before it is
// what it makes of it when it has heard them all.
func TestPlainPackets(t *testing.T) {
	const rate, block = 24000, 576
	sound := encodetest.Speechlike(rate, 30*rate)
	for _, c := range []codec{codec32, codec64} {
		made, err := c.NewCoder(rate)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := c.NewCoder(rate)
		if err != nil {
			t.Fatal(err)
		}
		replaced := 0
		for ; len(sound) >= block; sound = sound[block:] {
			samples := make([]int16, block)
			for i := range samples {
				samples[i] = pcm.Sample(sound[i])
			}
			own, err := whole.(*coder).shaping.encode(samples)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := whole.(*coder).plain.encode(samples)
			if err != nil {
				t.Fatal(err)
			}
			want := own
			if len(own) > 0 && disputed(own) {
				want, replaced = plain, replaced+1
			}
			got, err := made.Encode(samples)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %d bytes that begin %.6x instead of %d, %.6x: %v", c.name, len(got), got, len(want), want, err)
			}
		}
		t.Logf("%s: %d disputed packets", c.name, replaced)
		if replaced == 0 {
			t.Errorf("%s: no packet is disputed", c.name)
		}
		made.Close()
		whole.Close()
		sound = encodetest.Speechlike(rate, 30*rate)
	}
}

// LAME gives up where a block does not fit into its packet in the end (ending.c).
func TestEveryBlockFits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		rate := rates[r.IntN(len(rates))]
		c := []codec{codec32, codec64}[r.IntN(2)]
		coder, err := c.NewCoder(rate)
		if err != nil {
			t.Fatal(err)
		}
		block := make([]int16, c.Framing(rate).Block)
		for range 50 {
			signal := harsh(r)
			for i := range block {
				block[i] = int16(max(-32768, min(32767, signal())))
			}
			if _, err := coder.Encode(block); err != nil {
				t.Fatalf("%s at %v: %v", c.name, rate, err)
			}
		}
		coder.Close()
	}
}

// harsh is a signal that nobody speaks.
func harsh(r *rand.Rand) func() float64 {
	level, pitch, phase := 40000*math.Pow(10, -5*r.Float64()*r.Float64()), math.Pi*r.Float64(), 0.0
	noise := func() float64 { return level * (2*r.Float64() - 1) }
	tone := func() float64 { phase += pitch; return level * math.Sin(phase) }
	switch r.IntN(7) {
	case 0:
		return noise
	case 1:
		return tone
	case 2:
		return func() float64 { return math.Copysign(level, tone()) }
	case 3:
		return func() float64 { return math.Copysign(level, noise()) }
	case 4:
		return func() float64 {
			if r.IntN(400) > 0 {
				return 0
			}
			return noise()
		}
	case 5:
		return func() float64 { return tone() + noise()/50 }
	}
	return func() float64 { return level }
}
