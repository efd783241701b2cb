package engine

import (
	"errors"
	"fmt"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// transcribe has u read by an engine that can tell its phonemes, for one that
// cannot read: by is the voice to read with. A worker that crashes over it is
// replaced once, since no sound was lost.
func (s *Speech) transcribe(u speech.Utterance, by string) ([]speech.Transcribed, error) {
	p := s.engine.roster.Load().transcriber()
	if p == nil {
		return nil, fault.New(fault.FailedPrecondition, "The voice %s needs espeak-ng to read text for it, and that engine is not available on this server.", s.voice.Name)
	}
	u.Voice = by
	for tries := 1; ; tries++ {
		w, err := p.take(s.ctx, Interactive) // reading takes a moment, whatever it is for
		if err != nil {
			return nil, err
		}
		reader, ok := w.Engine.(driver.Transcriber)
		if !ok {
			p.done(w, nil)
			return nil, internal(p.source.Name, fmt.Errorf("%w: it does not transcribe", driver.ErrFailed))
		}
		read, err := reader.Transcribe(s.ctx, u)
		p.done(w, err)
		switch {
		case err == nil:
			return read, nil
		case s.ctx.Err() != nil:
			return nil, err
		case !errors.Is(err, driver.ErrCrashed) || tries == 2:
			return nil, err
		}
		p.failed()
	}
}

// transcriber is the first pool whose engine transcribes; nil if there is none.
func (r *roster) transcriber() *pool {
	for _, p := range r.pools {
		if p.info.Abilities.Transcribes {
			return p
		}
	}
	return nil
}
