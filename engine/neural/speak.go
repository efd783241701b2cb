package neural

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/speech"
)

// Speak says u, as driver.Engine wants it.
func (e *Engine) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	voice, err := e.voice(u.Voice)
	if err != nil {
		return err
	}
	if err := e.info.AbilitiesOf(u.Voice).Check(u.Prosody); err != nil {
		return err
	}
	words, err := voice.Reader.Read(u)
	if err != nil {
		return err
	}
	s := &saying{sink: sink}
	for _, p := range piecesOf(joined(words), voice.Model) {
		s.piece = p
		// The noise of a piece depends on nothing but what is said.
		hash := fnv.New64a()
		hash.Write([]byte(string(p.phonemes)))
		err := voice.Model.Speak(ctx, acoustic.Input{Phonemes: p.phonemes, Speed: u.Prosody.Speed(), Pitch: math.Exp2(u.Prosody.PitchSemitones / 12), Seed: hash.Sum64()}, s)
		switch {
		case err == nil:
		case s.refused != nil:
			return s.refused
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, driver.ErrFailed):
			return err
		default:
			return fmt.Errorf("%w: %w", driver.ErrFailed, err)
		}
	}
	return nil
}

// saying takes what a model makes of an utterance's pieces in turn.
type saying struct {
	sink    driver.Sink
	piece   piece
	began   int64   // frames before the piece
	made    int64   // frames in all
	frames  []int16 // reused
	refused error   // by the sink
}

// Durations tells the sink where the piece's words are heard. The time of a space
// is no pause but half each neighbour's.
func (s *saying) Durations(samples []int) error {
	if len(samples) != len(s.piece.phonemes)+2 {
		return fmt.Errorf("the model gives %d durations for %d phonemes", len(samples), len(s.piece.phonemes))
	}
	s.began = s.made
	at := s.began + int64(samples[0])
	next := 0 // phoneme
	advance := func(to int) int64 {
		for ; next < to; next++ {
			at += int64(samples[next+1])
		}
		return at
	}
	space := func(phoneme int) int64 {
		if phoneme < 0 || phoneme >= len(s.piece.phonemes) || s.piece.phonemes[phoneme] != ' ' {
			return 0
		}
		return int64(samples[phoneme+1]) / 2
	}
	for _, w := range s.piece.words {
		event := driver.Event{Token: w.token, StartFrame: advance(w.from) - space(w.from-1)}
		event.EndFrame = advance(w.to) + space(w.to)
		if err := s.sink.Event(event); err != nil {
			s.refused = err
			return err
		}
	}
	return nil
}

// Audio gives the sink samples as 16-bit frames.
func (s *saying) Audio(samples []float32) error {
	if len(samples) == 0 {
		return nil
	}
	if cap(s.frames) < len(samples) {
		s.frames = make([]int16, len(samples))
	}
	frames := s.frames[:len(samples)]
	for i, x := range samples {
		frames[i] = frame(x)
	}
	if err := s.sink.Audio(frames); err != nil {
		s.refused = err
		return err
	}
	s.made += int64(len(frames))
	return nil
}

// frame is a sample in 16 bits, rounded; beyond full scale it is clipped.
func frame(x float32) int16 {
	x *= 1 << 15
	switch {
	case !(x < 1<<15-1): // or not a number
		if x != x {
			return 0
		}
		return 1<<15 - 1
	case x < -1<<15:
		return -1 << 15
	case x < 0:
		return int16(x - 0.5)
	}
	return int16(x + 0.5)
}
