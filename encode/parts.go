package encode

import (
	"fmt"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/pcm"
)

// Parts are what the parts of a sound are while they are apart, in any order, until
// all are there. Where bodies join ([Format.Joins]) a part is a body: a file of n
// frames is Header(rate, n), its parts in order, Trailer(rate, n), byte for byte what
// [Format.NewEncoder] writes. Elsewhere a part is 16-bit sound, with nothing around
// it, of which [Pieces] make the file. Get them from [Format.Parts].
type Parts struct {
	driver driver.Joiner
	format Format
}

// Parts returns what the parts of a sound are before it is a file.
func (f Format) Parts() Parts {
	if j, ok := f.driver.(driver.Joiner); ok {
		return Parts{driver: j, format: f}
	}
	return Parts{driver: pcm.Format(), format: f}
}

// Joins reports whether the parts of a file are bodies, which join.
func (f Format) Joins() bool {
	_, ok := f.driver.(driver.Joiner)
	return ok
}

// Header is what stands before the parts of a file of frames frames; -1 means
// that the length is not known. It is fit to be written before any frame is.
func (p Parts) Header(rate audio.SampleRate, frames audio.Frames) ([]byte, error) {
	if err := p.format.CheckRate(rate); err != nil {
		return nil, err
	}
	return p.driver.Header(rate, max(frames, -1)), nil
}

// Trailer is what stands behind the parts, often nothing.
func (p Parts) Trailer(rate audio.SampleRate, frames audio.Frames) []byte {
	return p.driver.Trailer(rate, max(frames, -1))
}

// Size is the exact length in bytes of a part of frames frames.
func (p Parts) Size(rate audio.SampleRate, frames audio.Frames) int64 {
	return p.driver.BodySize(rate, frames)
}

// NewEncoder encodes one part onto w.
func (p Parts) NewEncoder(w io.Writer, rate audio.SampleRate) (*Encoder, error) {
	if err := p.format.CheckRate(rate); err != nil {
		return nil, err
	}
	enc, err := p.driver.NewBody(w, rate)
	if err != nil {
		return nil, fmt.Errorf("start a part of %s: %w", p.format.Name(), err)
	}
	return &Encoder{driver: enc, format: p.format.Name(), announced: -1}, nil
}
