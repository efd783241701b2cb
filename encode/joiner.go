package encode

import (
	"fmt"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Joiner encodes the parts of a file apart. A whole file of n frames is
// Header(rate, n), the bodies of its parts in order, Trailer(rate, n): byte
// for byte what [Format.NewEncoder] writes. A body alone is what a stream
// without header needs. Get one from [Format.Joiner].
type Joiner struct {
	driver driver.Joiner
	format Format
}

// Header is what stands before the body of a file of frames frames; -1 means
// that the length is not known. It is fit to be written before any frame is.
func (j Joiner) Header(rate audio.SampleRate, frames audio.Frames) ([]byte, error) {
	if err := j.format.CheckRate(rate); err != nil {
		return nil, err
	}
	return j.driver.Header(rate, max(frames, -1)), nil
}

// Trailer is what stands after the body, often nothing.
func (j Joiner) Trailer(rate audio.SampleRate, frames audio.Frames) []byte {
	return j.driver.Trailer(rate, max(frames, -1))
}

// Size is the exact length in bytes of a file of frames frames, header and
// trailer included. frames is not negative.
func (j Joiner) Size(rate audio.SampleRate, frames audio.Frames) int64 {
	return int64(len(j.driver.Header(rate, frames))) + j.BodySize(rate, frames) +
		int64(len(j.driver.Trailer(rate, frames)))
}

// BodySize is the exact length in bytes of the body of frames frames.
func (j Joiner) BodySize(rate audio.SampleRate, frames audio.Frames) int64 {
	return j.driver.BodySize(rate, frames)
}

// NewBody encodes one part onto w, without header and trailer.
func (j Joiner) NewBody(w io.Writer, rate audio.SampleRate) (*Encoder, error) {
	if err := j.format.CheckRate(rate); err != nil {
		return nil, err
	}
	enc, err := j.driver.NewBody(w, rate)
	if err != nil {
		return nil, fmt.Errorf("start the body of %s: %w", j.format.Name(), err)
	}
	return &Encoder{driver: enc, format: j.format.Name(), announced: -1}, nil
}
