package main

import (
	"context"
	"fmt"
	"time"
)

// loading is more than a spare worker takes to load a model while all cores are busy.
const loading = 5 * time.Second

// neuralCancels is cancel for neural voices.
//
// Method: as cancel, with 50 cancels for each voice (6 with -quick), by gRPC and
// REST in turn, on a server whose workers for the voice are warm, the spare one too.
func neuralCancels(ctx context.Context, l *lab) ([]row, error) {
	return eachVoice(l, "cancel", neuralVoices, func(v neuralVoice) ([]row, error) {
		if err := l.speaks(ctx, v); err != nil {
			return nil, err
		}
		s, err := l.freshWith(ctx, "cancel", l.voices)
		if err != nil {
			return nil, err
		}
		defer s.discard()
		listed, err := s.voice(ctx, v.name)
		if err != nil {
			return nil, err
		}
		if _, err := s.say(ctx, listed, "Is there anybody in?"); err != nil {
			return nil, fmt.Errorf("%w: %s", err, s.lastWords())
		}
		// While long work speaks, a spare worker loads the model for who listens: an
		// operation before those that count is left the time for it, and then a rest.
		c := newCancelling(l, s)
		c.voices = []*voice{listed}
		if err := c.once(ctx, &cancelFigures{}, s.client.cancel, func(ctx context.Context, _ string) error { pause(ctx, loading); return nil }); err != nil {
			return nil, fmt.Errorf("%w: %s", err, s.lastWords())
		}
		if err := newWatch(s.pid()).awaitRest(ctx); err != nil {
			return nil, err
		}
		clear(c.idles)
		clear(c.replaced)
		f := &cancelFigures{}
		for i := range l.count(50, 6) {
			cancel, get := s.client.cancel, func(ctx context.Context, name string) error { _, err := s.get(ctx, name); return err }
			if i%2 == 1 {
				cancel, get = s.cancelREST, s.getREST
			}
			if err := c.once(ctx, f, cancel, get); err != nil {
				return nil, fmt.Errorf("%w: %s", err, s.lastWords())
			}
		}
		return []row{f.row("cancel of a running 1 MB operation, answer, " + listed.Name), c.idleRow(listed, v.idle)}, s.stop()
	})
}
