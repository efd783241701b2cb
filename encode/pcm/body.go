package pcm

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/lectern/lectern/encode/driver"
)

// Sample is x, full scale ±1, as a 16-bit sample: x*32768 rounded to the
// nearest, halves to even, clipped to [-32768, 32767]; NaN is 0. A sample s of
// an engine that became s/32768 comes back as s.
func Sample(x float32) int16 {
	y := x * 32768
	if y > -32768 && y < 32767 {
		// 1.5*2^23 leaves no bits for a fraction: the addition rounds to
		// the nearest even integer, which is then the low bits.
		return int16(math.Float32bits(y + 0xC00000))
	}
	switch {
	case y >= 32767:
		return 32767
	case y <= -32768:
		return -32768
	}
	return 0
}

type body struct {
	w     io.Writer
	bytes [blockFrames * bytesPerFrame]byte
}

// blockFrames is how many frames are written at once.
const blockFrames = 2048

// NewBody encodes frames onto w and nothing else.
func NewBody(w io.Writer) driver.Encoder { return &body{w: w} }

func (b *body) Encode(frames []float32) error {
	for len(frames) > 0 {
		n := min(len(frames), blockFrames)
		out := b.bytes[:n*bytesPerFrame]
		for i, x := range frames[:n] {
			binary.LittleEndian.PutUint16(out[i*bytesPerFrame:], uint16(Sample(x)))
		}
		if _, err := b.w.Write(out); err != nil {
			return err
		}
		frames = frames[n:]
	}
	return nil
}

func (b *body) Close() error { return nil }
