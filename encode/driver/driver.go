// Package driver is what the author of an audio encoding implements. Prove an
// implementation with encodetest.Run. Applications use package encode.
package driver

import (
	"io"

	"github.com/lectern/lectern/audio"
)

// Format is one encoding: what it is called, what it can carry, and how to
// make an encoder for it. A Format is immutable and safe for concurrent use.
type Format interface {
	// Name is the encoding as the API names it, such as "LINEAR16".
	Name() string
	// CanCarry reports whether the format carries sound at rate.
	CanCarry(rate audio.SampleRate) bool
	// NewEncoder starts a file on w.
	//
	// frames is the exact length that will be written when it is known, else
	// -1. A header that holds lengths is exact when frames is known; when it
	// is not, the header says "until the end" in the way of the format. w is
	// only ever written to in order; it is never sought and never closed.
	NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (Encoder, error)
}

// Encoder turns frames into bytes, in order. One goroutine uses it.
type Encoder interface {
	// Encode takes more frames; full scale is ±1, what exceeds it is clipped
	// and NaN is silence. The slice is the caller's again on return. After an
	// error the encoder is only fit to be dropped.
	Encode(frames []float32) error
	// Close writes what is pending and the trailer. It fails when the number
	// of frames was announced and another number came. It does not close w.
	Close() error
}

// FrameEncoder is an Encoder that also takes 16-bit samples, for formats that
// hold such: EncodeFrames(s) writes what Encode(s/32768) would.
type FrameEncoder interface {
	Encoder
	EncodeFrames(samples []int16) error
}

// RestEncoder is an Encoder to which silence is a length: EncodeSilence(n) writes
// what Encode of n zeros would, and does not take time in proportion where the
// writer is an [audio.ZeroWriter].
type RestEncoder interface {
	Encoder
	EncodeSilence(n audio.Frames) error
}

// Flusher is an Encoder that gathers what it writes: Flush writes what is
// gathered, as far as what comes next does not change it. What a decoder makes of
// the file stays the same.
type Flusher interface {
	Encoder
	Flush() error
}
