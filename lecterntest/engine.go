package lecterntest

import (
	"context"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/speech"
)

// among are the sources of engines that meet faults.
func (a *faults) among(sources []engine.Source) []engine.Source {
	met := make([]engine.Source, len(sources))
	for n, source := range sources {
		met[n] = source
		met[n].Start = func(ctx context.Context) (driver.Engine, error) {
			inner, err := source.Start(ctx)
			if err != nil {
				return nil, err
			}
			if t, ok := inner.(driver.Transcriber); ok {
				return transcriber{faulty{inner, a}, t}, nil
			}
			return faulty{inner, a}, nil
		}
	}
	return met
}

// faulty is an engine whose utterances meet faults before it speaks them.
type faulty struct {
	driver.Engine
	faults *faults
}

// Speak implements driver.Engine.
func (f faulty) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if err := f.faults.meet(ctx, &f.faults.speech, u.Text); err != nil {
		return lro.Permanent(err) // an operation fails with it at once, and calls see through it
	}
	return f.Engine.Speak(ctx, u, sink)
}

// transcriber is one that can tell how it reads.
type transcriber struct {
	faulty
	driver.Transcriber
}
