package wav

import (
	"io"
	"math/bits"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/pcm"
)

// muLaw is the G.711 mu-law code of a 16-bit sample. Of the sample's magnitude
// the 14 bits that mu-law knows are kept, the rest is cut off.
func muLaw(sample int16) byte {
	const bias = 33
	magnitude, sign := int(sample)/4, byte(0x80)
	if sample < 0 {
		magnitude, sign = -magnitude, 0
	}
	biased := uint(min(magnitude+bias, 8191))
	segment := bits.Len(biased) - 6
	step := biased >> (segment + 1) & 0xF
	return sign | ^(byte(segment<<4)|byte(step))&0x7F
}

// aLaw is the G.711 A-law code of a 16-bit sample. Of the sample's magnitude
// the 12 bits that A-law knows are kept, the rest is cut off.
func aLaw(sample int16) byte {
	magnitude, sign := int(sample)/16, byte(0x80)
	if sample < 0 {
		magnitude, sign = -magnitude, 0
	}
	magnitude = min(magnitude, 2047)
	code := byte(magnitude) // segments 0 and 1 have the same step
	if segment := bits.Len(uint(magnitude)) - 4; segment > 1 {
		code = byte(segment<<4) | byte(magnitude>>(segment-1)&0xF)
	}
	return (sign | code) ^ 0x55
}

// compander encodes one byte a frame.
type compander struct {
	w     io.Writer
	code  func(int16) byte
	bytes [4096]byte
}

func newCompander(code func(int16) byte) func(io.Writer) driver.Encoder {
	return func(w io.Writer) driver.Encoder { return &compander{w: w, code: code} }
}

func (c *compander) Encode(frames []float32) error {
	for len(frames) > 0 {
		n := min(len(frames), len(c.bytes))
		for i, x := range frames[:n] {
			c.bytes[i] = c.code(pcm.Sample(x))
		}
		if _, err := c.w.Write(c.bytes[:n]); err != nil {
			return err
		}
		frames = frames[n:]
	}
	return nil
}

// EncodeSilence implements driver.RestEncoder: silence is a byte other than zero,
// again and again.
func (c *compander) EncodeSilence(n audio.Frames) error {
	block := c.bytes[:min(n, int64(len(c.bytes)))]
	for i := range block {
		block[i] = c.code(0)
	}
	for n > 0 {
		written, err := c.w.Write(block[:min(n, int64(len(block)))])
		if err != nil {
			return err
		}
		n -= int64(written)
	}
	return nil
}

func (c *compander) Close() error { return nil }
