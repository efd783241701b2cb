package piper

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/onnx"
)

// Speak implements [acoustic.Model].
func (m *Model) Speak(ctx context.Context, in acoustic.Input, sink acoustic.Sink) error {
	if n := len(in.Phonemes); n < 1 || n > maxPhonemes {
		return fmt.Errorf("%d phonemes are not 1 to %d", n, maxPhonemes)
	}
	if !(in.Speed >= 0.25 && in.Speed <= 4) {
		return fmt.Errorf("a speed of %g is not 0.25 to 4", in.Speed)
	}
	ids, owner := m.number(in.Phonemes)
	plan, err := m.plan(ctx, ids, in)
	if err != nil {
		return err
	}
	samples := make([]int, len(in.Phonemes)+2)
	for i, frames := range plan.frames {
		samples[owner[i]] += frames * m.parts.Frame
	}
	if err := sink.Durations(samples); err != nil {
		return err
	}
	return m.speak(ctx, plan, sink)
}

// plan is what the text part makes of phonemes: for each number of the network how
// many frames it lasts, and a row of means and spreads for each channel.
type plan struct {
	frames         []int
	total          int
	channels       int
	means, spreads []float32
	noise          noise
}

// maxSeconds is far above what maxPhonemes last at the slowest speed.
const maxSeconds = 600

func (m *Model) plan(ctx context.Context, ids []int64, in acoustic.Input) (*plan, error) {
	n := int64(len(ids))
	given := []onnx.Input{
		onnx.Tensor(ids, 1, n), onnx.Tensor([]int64{n}, 1),
		onnx.Tensor([]float32{float32(m.config.NoiseScale), float32(m.config.LengthScale / in.Speed), float32(m.config.NoiseW)}, 3),
	}
	if m.parts.Text.Noise != "" {
		// Two channels, each of its own stretch of memory; what belongs to one
		// place is drawn together.
		both := make([]float32, 2*n)
		source := newNoise(in.Seed, durationNoise)
		var pair [2]float32
		for i := range n {
			source.fill(pair[:], int(i))
			both[i], both[n+i] = pair[0], pair[1]
		}
		given = append(given, onnx.Tensor(both, 1, 2, n))
	}
	made, err := m.text.Run(ctx, m.withSpeaker(m.parts.Text.Speaker, given)...)
	if err != nil {
		return nil, err
	}
	defer made.Close()
	durations, _ := made.Floats(0)
	means, _ := made.Floats(1)
	spreads, _ := made.Floats(2)
	if len(durations) != len(ids) || len(means) == 0 || len(means)%len(ids) != 0 || len(spreads) != len(means) {
		return nil, errors.New("the voice's text part makes tensors of other shapes than a Piper voice does; install the voice again")
	}
	p := &plan{
		frames: make([]int, len(ids)), channels: len(means) / len(ids), noise: newNoise(in.Seed, soundNoise),
		means: append([]float32(nil), means...), spreads: append([]float32(nil), spreads...),
	}
	most := maxSeconds * m.config.SampleRate / m.parts.Frame
	for i, d := range durations {
		if !(d >= 0 && int(d) <= most-p.total) {
			return nil, fmt.Errorf("the voice wants to speak for more than %d seconds", maxSeconds)
		}
		p.frames[i] = int(d)
		p.total += int(d)
	}
	return p, nil
}

// withSpeaker adds the speaker where a network asks for it.
func (m *Model) withSpeaker(asks bool, given []onnx.Input) []onnx.Input {
	if asks {
		given = append(given, onnx.Tensor(m.speaker, 1))
	}
	return given
}

// speak turns a plan into sound piece by piece.
func (m *Model) speak(ctx context.Context, p *plan, sink acoustic.Sink) error {
	for i := range m.strips {
		m.strips[i].reset(0)
	}
	for i := range m.sound {
		m.sound[i].made = 0
	}
	m.strips[0].reset(p.channels)
	draw := m.drawer(p)
	sound := &m.strips[len(m.sound)]
	for at, piece := 0, 0; at < p.total; {
		piece = m.last.after(piece)
		at = min(at+piece, p.total)
		if err := m.fill(ctx, p, draw, len(m.sound), at*m.parts.Frame); err != nil {
			return err
		}
		// There may be more than was asked for: it is there earlier, that is all.
		if err := sink.Audio(sound.data[:sound.next-sound.first]); err != nil {
			return err
		}
		sound.forget(sound.next)
	}
	return nil
}

// fill makes frames of a strip until there are so many: it has those filled that
// they depend on, and runs the part before the strip.
func (m *Model) fill(ctx context.Context, p *plan, draw func(int), strip, until int) error {
	if strip == 0 {
		draw(until)
		return nil
	}
	part, in, out := &m.sound[strip-1], &m.strips[strip-1], &m.strips[strip]
	all := p.total * part.rate
	begin, end := out.next/part.Rate, (until+part.Rate-1)/part.Rate
	if begin >= end {
		return nil
	}
	if strip < len(m.sound) {
		// To the parts before the last, weights that are fetched again and frames that
		// are made again are most of what a few frames take.
		end = max(end, min(begin+part.rate*m.ahead.after(part.made/part.rate), all))
	}
	part.made = end - begin
	from, to := max(begin-part.Reach, 0), min(end+part.Reach, all)
	if err := m.fill(ctx, p, draw, strip-1, to); err != nil {
		return err
	}
	m.window = in.window(m.window, from, to)
	in.forget(end - part.Reach)
	n := to - from
	shape := []int64{1, int64(in.channels), int64(n)}
	if part.Plane {
		shape = []int64{1, int64(in.channels), 1, int64(n)}
	}
	given := []onnx.Input{onnx.Tensor(m.window, shape...)}
	if part.Mask != "" {
		for len(m.ones) < n {
			m.ones = append(m.ones, 1)
		}
		given = append(given, onnx.Tensor(m.ones[:n], 1, 1, int64(n)))
	}
	made, err := part.session.Run(ctx, m.withSpeaker(part.Speaker, given)...)
	if err != nil {
		return err
	}
	defer made.Close()
	data, _ := made.Floats(0)
	frames := n * part.Rate
	if out.channels == 0 && frames > 0 {
		out.reset(len(data) / frames)
	}
	if len(data) == 0 || len(data) != out.channels*frames || strip == len(m.sound) && out.channels != 1 {
		return fmt.Errorf("the voice's part %s makes %d numbers of %d frames, which is no Piper voice's; install the voice again", part.File, len(data), n)
	}
	out.take(data, (begin-from)*part.Rate, (end-begin)*part.Rate)
	return nil
}

// drawer draws latents, frame after frame, until there are so many.
func (m *Model) drawer(p *plan) func(until int) {
	id, left := -1, 0
	scale := float32(m.config.NoiseScale)
	drawn, frame := &m.strips[0], make([]float32, p.channels)
	return func(until int) {
		for drawn.next < until {
			for left == 0 {
				id++
				left = p.frames[id]
				if left > 0 && scale != 0 {
					m.spread = m.spread[:0]
					for _, s := range p.spreads[id*p.channels : (id+1)*p.channels] {
						m.spread = append(m.spread, float32(math.Exp(float64(s))))
					}
				}
			}
			left--
			means := p.means[id*p.channels : (id+1)*p.channels]
			copy(frame, means)
			if scale != 0 {
				p.noise.fill(frame, drawn.next)
				for c, noise := range frame {
					frame[c] = means[c] + noise*m.spread[c]*scale
				}
			}
			at := drawn.grow(1)
			for c, v := range frame {
				drawn.data[c*drawn.room+at] = v
			}
		}
	}
}
