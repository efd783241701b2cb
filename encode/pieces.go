package encode

import (
	"fmt"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Pieces encodes the pieces of a file apart and at the same time, for formats
// whose encoders have a memory (MP3, Opus, AAC). Keep the sound as [Format.Parts]
// does; encode each piece as soon as the frames of its
// span are there ([Pieces.NewEncoder]); put the pieces together at the end
// ([Pieces.Mux]): byte for byte what [Format.NewEncoder] writes. Get one from
// [Format.Pieces].
type Pieces struct {
	driver driver.Pieces
	format Format
}

// Pieces returns the format's ability to encode a file in pieces, if it has it.
func (f Format) Pieces() (Pieces, bool) {
	p, ok := f.driver.(driver.Pieces)
	return Pieces{driver: p, format: f}, ok
}

// Count is how many pieces a file of frames frames has, at least one. The rate
// must be one that the format carries.
func (p Pieces) Count(rate audio.SampleRate, frames audio.Frames) int {
	return p.driver.Count(rate, frames)
}

// Span is which frames of the sound piece i hears: from up to but not
// including to, which for the last pieces is beyond the sound's end.
func (p Pieces) Span(rate audio.SampleRate, i int) (from, to audio.Frames) {
	return p.driver.Span(rate, i)
}

// NewEncoder encodes piece i of a sound of frames frames onto w, in a form that
// only Mux reads. It wants the frames of the piece's span, as far as the sound
// has them. frames is -1 while it is only known that the sound has all of the
// span; that makes no difference to the bytes.
func (p Pieces) NewEncoder(w io.Writer, rate audio.SampleRate, i int, frames audio.Frames) (*Encoder, error) {
	if err := p.format.CheckRate(rate); err != nil {
		return nil, err
	}
	from, to := p.Span(rate, i)
	if frames >= 0 {
		to = min(to, frames)
	}
	enc, err := p.driver.NewPiece(w, rate, i, frames)
	if err != nil {
		return nil, fmt.Errorf("start piece %d of %s: %w", i, p.format.Name(), err)
	}
	return &Encoder{driver: enc, format: p.format.Name(), announced: max(to-from, 0)}, nil
}

// Mux writes the file of a sound of frames frames onto w, in order. open opens
// piece i as its encoder wrote it; every piece may be asked for twice.
func (p Pieces) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, open func(i int) (io.ReadCloser, error)) error {
	if err := p.format.CheckRate(rate); err != nil {
		return err
	}
	if err := p.driver.Mux(w, rate, frames, open); err != nil {
		return fmt.Errorf("join the pieces of %s: %w", p.format.Name(), err)
	}
	return nil
}
