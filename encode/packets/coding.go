package packets

import (
	"fmt"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/pcm"
)

// coding is the work on one piece: blocks in, from the first that its coder
// hears on, and the piece's own packets out.
type coding struct {
	coder Coder
	lag   int64
	block int64 // the next one of the sound
	from  int64 // the piece's first packet
	to    int64 // the one after its last
}

func (f *format) newCoding(rate audio.SampleRate, l layout, i int64) (*coding, error) {
	coder, err := f.NewCoder(rate)
	if err != nil {
		return nil, err
	}
	return &coding{coder: coder, lag: int64(l.Lag), block: l.first(i), from: i * l.piece, to: (i + 1) * l.piece}, nil
}

// encode takes the next block and returns a packet of the piece, if one became
// ready.
func (c *coding) encode(block []int16) ([]byte, error) {
	n := c.block - c.lag // the packet that becomes ready
	if n == c.from && n > 0 {
		if err := c.coder.Joint(); err != nil {
			return nil, err
		}
	}
	packet, err := c.coder.Encode(block)
	if err != nil {
		return nil, err
	}
	c.block++
	if n < c.from || n >= c.to {
		return nil, nil
	}
	if len(packet) == 0 {
		return nil, fmt.Errorf("no packet %d after block %d", n, c.block-1)
	}
	return packet, nil
}

// done reports whether the piece has all its packets.
func (c *coding) done() bool { return c.block-c.lag >= c.to }

// blocks cuts sound into blocks of 16-bit samples.
type blocks struct {
	block []int16
	n     int // samples of block that are there
	take  func(block []int16) error
}

func newBlocks(size int, take func([]int16) error) blocks {
	return blocks{block: make([]int16, size), take: take}
}

// Encode implements driver.Encoder.
func (b *blocks) Encode(frames []float32) error {
	for len(frames) > 0 {
		room := b.block[b.n:]
		n := min(len(room), len(frames))
		for i, x := range frames[:n] {
			room[i] = pcm.Sample(x)
		}
		frames = frames[n:]
		if err := b.filled(n); err != nil {
			return err
		}
	}
	return nil
}

// EncodeFrames implements driver.FrameEncoder.
func (b *blocks) EncodeFrames(samples []int16) error {
	for len(samples) > 0 {
		n := copy(b.block[b.n:], samples)
		samples = samples[n:]
		if err := b.filled(n); err != nil {
			return err
		}
	}
	return nil
}

func (b *blocks) filled(n int) error {
	if b.n += n; b.n < len(b.block) {
		return nil
	}
	b.n = 0
	return b.take(b.block)
}

// silence fills the block that is begun, or gives a whole one.
func (b *blocks) silence() error {
	clear(b.block[b.n:])
	return b.filled(len(b.block) - b.n)
}
