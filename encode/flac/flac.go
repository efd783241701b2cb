// Package flac is the encoding FLAC: 16-bit frames without loss, by
// github.com/mewkiz/flac. It is written as it comes, in blocks of some 40 ms.
//
// A file's blocks count themselves, so that the parts of one cannot be encoded
// apart: long operations do not have it.
package flac

import (
	"fmt"
	"io"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
	"github.com/mewkiz/flac/meta"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/pcm"
)

// Name is the encoding's name. Google's API has none.
const Name = "FLAC"

const (
	blockFrames   = 1024
	bitsPerSample = 16
)

type format struct{}

// Format is the encoding FLAC, at any rate.
func Format() driver.Format { return format{} }

func (format) Name() string { return Name }

func (format) CanCarry(rate audio.SampleRate) bool { return rate > 0 && rate < 1<<20 }

// NewEncoder implements driver.Format. A header of 0 samples says "until the end".
func (format) NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (driver.Encoder, error) {
	e := &encoder{to: &kept{w: w}, rate: rate}
	info := &meta.StreamInfo{
		BlockSizeMin: blockFrames, BlockSizeMax: blockFrames,
		SampleRate: uint32(rate), NChannels: 1, BitsPerSample: bitsPerSample, NSamples: uint64(max(frames, 0)),
	}
	var err error
	if e.flac, err = flac.NewEncoder(e.to, info); err != nil {
		return nil, e.because(err)
	}
	return driver.CheckLength(e, frames), nil
}

// encoder gathers blocks.
type encoder struct {
	to    *kept
	flac  *flac.Encoder
	rate  audio.SampleRate
	block [blockFrames]int32
	n     int // samples of block that are there
}

var _ driver.FrameEncoder = (*encoder)(nil)

func (e *encoder) Encode(frames []float32) error {
	for _, x := range frames {
		if err := e.add(pcm.Sample(x)); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) EncodeFrames(samples []int16) error {
	for _, x := range samples {
		if err := e.add(x); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) add(sample int16) error {
	e.block[e.n] = int32(sample)
	if e.n++; e.n < blockFrames {
		return nil
	}
	return e.flush()
}

// flush writes the block that is begun.
func (e *encoder) flush() error {
	samples := e.block[:e.n]
	e.n = 0
	err := e.flac.WriteFrame(&frame.Frame{
		Header: frame.Header{
			HasFixedBlockSize: true, BlockSize: uint16(len(samples)),
			// The rate stands in the file's header only: not every rate has a code.
			Channels: frame.ChannelsMono, BitsPerSample: bitsPerSample,
		},
		Subframes: []*frame.Subframe{{
			SubHeader: frame.SubHeader{Pred: frame.PredVerbatim}, // the library looks for a better one
			Samples:   samples, NSamples: len(samples),
		}},
	})
	return e.because(err)
}

// Close writes the last, shorter block.
func (e *encoder) Close() error {
	if e.n == 0 {
		return nil
	}
	return e.flush()
}

// because puts the writer's own error in the place of the library's, which tells
// where in its source it was.
func (e *encoder) because(err error) error {
	switch {
	case err == nil:
		return nil
	case e.to.err != nil:
		return e.to.err
	}
	return fmt.Errorf("the FLAC encoder fails: %w", err)
}

// kept is a writer that remembers its error, and that the library cannot close.
type kept struct {
	w   io.Writer
	err error
}

func (k *kept) Write(p []byte) (int, error) {
	n, err := k.w.Write(p)
	if err != nil {
		k.err = err
	}
	return n, err
}
