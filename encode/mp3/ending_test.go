//go:build cgo && !nomp3 && linux

package mp3

import (
	"bytes"
	"errors"
	"testing"

	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/pcm"
)

// Where LAME would end the program, the one call fails, and all other encoders go on.
func TestLAMEEndsNothingButItsCall(t *testing.T) {
	const rate, block = 24000, 576
	samples := make([]int16, block)
	for i, x := range encodetest.Speechlike(rate, block) {
		samples[i] = pcm.Sample(x)
	}
	whole, other := newCoder(t), newCoder(t)
	for _, instead := range []ending{exits, asserts} {
		ended := newCoder(t)
		if _, err := ended.Encode(samples); err != nil {
			t.Fatal(err)
		}
		ended.shaping.instead = instead
		if _, err := ended.Encode(samples); !errors.Is(err, errEnded) {
			t.Errorf("LAME ends: %v", err)
		}
		ended.shaping.instead = works
		if _, err := ended.Encode(samples); !errors.Is(err, errEnded) {
			t.Errorf("after LAME has ended: %v", err)
		}
		ended.Close()
		want, err := whole.Encode(samples)
		if err != nil {
			t.Fatal(err)
		}
		got, err := other.Encode(samples)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("another encoder, after LAME has ended: %d bytes instead of %d: %v", len(got), len(want), err)
		}
	}
}

func newCoder(t *testing.T) *coder {
	t.Helper()
	made, err := codec32.NewCoder(24000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made.(*coder)
}
