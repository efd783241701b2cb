package driver

import (
	"io"

	"github.com/lectern/lectern/audio"
)

// Joiner is an optional ability of a [Format]: a file is a header, a body and
// a trailer, and bodies that were encoded apart, laid end to end, are the body
// of the whole. Long operations encode each shard as it is spoken and assemble
// the file by copying bytes.
//
// For every split of n frames into parts,
//
//	Header(rate, n) + body(part 1) + … + body(part k) + Trailer(rate, n)
//
// is byte for byte what NewEncoder(w, rate, n) writes for the whole. So a
// Joiner keeps no state between frames, and the length of a file follows from
// the number of its frames alone.
type Joiner interface {
	Format
	// Header is what stands before the body of a file of frames frames; with
	// frames -1 it says "until the end" in the way of the format.
	Header(rate audio.SampleRate, frames audio.Frames) []byte
	// Trailer is what stands after it. It is empty when frames is -1.
	Trailer(rate audio.SampleRate, frames audio.Frames) []byte
	// BodySize is the length in bytes of frames encoded frames.
	BodySize(rate audio.SampleRate, frames audio.Frames) int64
	// NewBody encodes onto w without header and trailer. Its Close writes
	// nothing but what is pending.
	NewBody(w io.Writer, rate audio.SampleRate) (Encoder, error)
}
