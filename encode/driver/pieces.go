package driver

import (
	"io"

	"github.com/lectern/lectern/audio"
)

// Pieces is an optional ability of a [Format] whose encoder remembers what it
// has heard, so that it cannot be a [Joiner]: a file is defined as pieces, of
// some seconds each, that are encoded apart, in any order and at the same
// time, and then put into the file's container one after the other. Package
// encode/packets makes one of a codec.
//
// A piece hears some of the sound before its own, so that nobody hears the
// joints. Its bytes are in a form of its own, fit for nothing but Mux.
//
// NewEncoder gives the same bytes as pieces and Mux do: where the joints are
// follows from the sound's frames alone.
//
// The methods ask for a rate that the format carries.
type Pieces interface {
	Format
	// Count is how many pieces a file of frames frames has, at least one.
	Count(rate audio.SampleRate, frames audio.Frames) int
	// Span is which frames of the whole sound piece i hears, from up to but
	// not including to. The sound may end before to.
	Span(rate audio.SampleRate, i int) (from, to audio.Frames)
	// NewPiece encodes piece i of a sound of frames frames onto w: the
	// encoder is given the frames of its Span, as far as the sound has them.
	// frames is -1 when all that is known is that the sound goes on to the
	// span's end at least; the bytes are the same. They follow from the frames
	// alone: two pieces but the first, with spans as long and the same frames in
	// them, are the same bytes.
	NewPiece(w io.Writer, rate audio.SampleRate, i int, frames audio.Frames) (Encoder, error)
	// Mux writes a file of frames frames onto w. open opens piece i for
	// reading, from 0 to Count-1, in order but possibly all of them twice.
	Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, open func(i int) (io.ReadCloser, error)) error
}
