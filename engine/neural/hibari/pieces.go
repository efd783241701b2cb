package hibari

import (
	"context"

	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/vocoder"
)

// The sound part of a network runs on pieces of an utterance, so that the first
// sound need not wait for the last, and memory stays bounded.
const (
	// around is how many frames are given on either side of a piece. The
	// convolutions look at 27. With 12 the sound is the whole's within 44 to 60 dB,
	// and 33 right at the cut (with 8, 35 and 23), if all is done in float32, while
	// the 8 bits of the network's numbers leave 28 to 30 dB: in pieces or whole, its
	// sound is as far from what it would be in float32. What is done twice at the
	// edges is 2 ms of a sentence of 15 words, and what is saved by leaving out
	// silence at the ends half of it.
	around = 12

	// first is how many frames the first piece has, most how many others have;
	// what remains goes with the first where it is less than least.
	first = 48
	least = 64
	most  = 512
)

// pieces give the rows of an utterance's frames.
type pieces struct {
	model    *Model
	ctx      context.Context // of the Speak that they are for
	features []float32       // channels, with a value for each frame
	frames   int
	last     int // where the frames end that are wanted

	// The piece that there is, from frame from up to to; none before begun.
	begun    bool
	row      []float32
	from, to int
}

// rows is vocoder.Spectrum's.
func (p *pieces) rows(from, to int) ([]float32, error) {
	if !p.begun || from >= p.to {
		if err := p.run(from); err != nil {
			return nil, err
		}
	}
	from, to = from-p.from, min(to, p.to)-p.from
	return p.row[from*vocoder.Columns : to*vocoder.Columns], nil
}

// run makes the piece from a frame on.
func (p *pieces) run(from int) error {
	p.from, p.to = from, p.next(from)
	before, behind := max(0, p.from-around), min(p.frames, p.to+around)
	if !p.model.local {
		before, behind = 0, p.frames
	}
	p.begun = true
	// Its rows are megabytes, and are written where those of the last were.
	frames := behind - before
	all := room(&p.model.rows, frames*vocoder.Columns)
	out := onnx.Tensor(all, 1, int64(frames), vocoder.Columns)
	if err := p.model.sound.RunInto(p.ctx, []onnx.Input{out}, p.window(before, behind)); err != nil {
		return err
	}
	p.row = all[(p.from-before)*vocoder.Columns:]
	return nil
}

// next is where the piece from a frame on ends.
func (p *pieces) next(from int) int {
	rest := p.last - from
	switch {
	case !p.model.local:
	case !p.begun && rest >= first+least:
		rest = first
	case rest > most:
		rest /= (rest + most - 1) / most // pieces alike
	}
	return from + rest
}

// window are the features of frames.
func (p *pieces) window(from, to int) onnx.Input {
	channels := len(p.features) / p.frames
	all := room(&p.model.window, channels*(to-from))
	rest := all
	for at := 0; at < len(p.features); at += p.frames {
		rest = rest[copy(rest, p.features[at+from:at+to]):]
	}
	return onnx.Tensor(all, 1, int64(channels), int64(to-from))
}

// room is n values of a buffer that grows as needed.
func room(buffer *[]float32, n int) []float32 {
	if cap(*buffer) < n {
		*buffer = make([]float32, n)
	}
	return (*buffer)[:n]
}
