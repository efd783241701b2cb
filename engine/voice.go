package engine

import (
	"context"

	"github.com/lectern/lectern/speech"
)

// Voice is a voice that has been found, for the time of an utterance: voices come
// and go. It is who speaks, the engine's own, even if it was found by another name.
type Voice struct {
	speech.Voice
	// Abilities say what the engine does by itself for the voice.
	Abilities Abilities

	engine *Engine
	pool   *pool
}

// Voice finds who speaks now when the voice of this name is asked for, without
// regard to case.
func (e *Engine) Voice(name string) (Voice, bool) {
	r := e.roster.Load()
	asked, ok := r.catalogue.Lookup(name)
	if !ok {
		return Voice{}, false
	}
	return e.found(r, asked)
}

func (e *Engine) found(r *roster, asked speech.Voice) (Voice, bool) {
	p, own := r.find(asked)
	if p == nil {
		return Voice{Voice: own}, false
	}
	return Voice{Voice: own, Abilities: p.info.AbilitiesOf(own.EngineName), engine: e, pool: p}, true
}

// Speak waits for its turn and then begins to say u; u.Voice is ignored, and a
// batch is always patient. The prosody must lie within the voice's abilities, and
// its gain must be 0: gain is for the caller to apply. Pronunciations are left out
// where the abilities do not speak of them.
//
// The Speech must be read to its end or closed; ctx governs all of it. Errors
// are *fault.Error, or context.Cause(ctx) when ctx ended: RESOURCE_EXHAUSTED
// when the queue is full and UNAVAILABLE when the engine cannot be started
// now, both with RetryAfter; what goes wrong later is told by the Speech.
func (v Voice) Speak(ctx context.Context, class Class, u speech.Utterance) (*Speech, error) {
	if err := v.Abilities.Check(u.Prosody); err != nil {
		return nil, internal(v.pool.source.Name, err)
	}
	if !v.Abilities.Pronunciations {
		u.Pronunciations = nil
	}
	u.Voice, u.Patient = v.EngineName, u.Patient || class == Batch
	s := newSpeech(ctx, v.engine, v.pool, v.Voice, u)
	if err := v.engine.begin(s, class); err != nil {
		s.cancel(err)
		s.stop()
		return nil, err
	}
	return s, nil
}
