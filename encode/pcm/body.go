package pcm

import (
	"io"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Sample is x, full scale ±1, as a 16-bit sample: x*32768 rounded to the
// nearest, halves to even, clipped to [-32768, 32767]; NaN is 0. A sample s of
// an engine that became s/32768 comes back as s.
func Sample(x float32) int16 {
	// The bits of floats of one sign are ordered as the floats are, so one
	// integer comparison leaves out what clips and NaN.
	const highest = 0x3F7FFE00 // the bits of 32767.0/32768
	if math.Float32bits(x)&^(1<<31) <= highest {
		// 1.5*2^23 leaves no bits for a fraction: the addition rounds to
		// the nearest even integer, which is then the low bits.
		return int16(math.Float32bits(x*32768 + 0xC00000))
	}
	return beyond(x)
}

// beyond is Sample of what clips, of what nearly does, and of NaN. It stands
// apart so that Sample is small enough to be inlined.
func beyond(x float32) int16 {
	switch {
	case x > 0:
		return 32767
	case x < 0: // from -32767.5 on the nearest is the lowest
		return int16(max(math.RoundToEven(float64(x)*32768), math.MinInt16))
	}
	return 0
}

type body struct {
	w      io.Writer
	frames []int16 // as many as are written at once; made when it is needed
}

// blockFrames is how many frames are written at once.
const blockFrames = 8192

// NewBody encodes frames onto w and nothing else.
func NewBody(w io.Writer) driver.Encoder { return &body{w: w} }

func (b *body) Encode(frames []float32) error {
	if b.frames == nil {
		b.frames = make([]int16, blockFrames)
	}
	for len(frames) > 0 {
		n := min(len(frames), blockFrames)
		for i, x := range frames[:n] {
			b.frames[i] = Sample(x)
		}
		if err := b.EncodeFrames(b.frames[:n]); err != nil {
			return err
		}
		frames = frames[n:]
	}
	return nil
}

// EncodeFrames implements driver.FrameEncoder.
func (b *body) EncodeFrames(samples []int16) error {
	_, err := b.w.Write(audio.PCM(samples))
	return err
}

// EncodeSilence implements driver.RestEncoder.
func (b *body) EncodeSilence(n audio.Frames) error { return audio.WriteZeros(b.w, n*bytesPerFrame) }

func (b *body) Close() error { return nil }
