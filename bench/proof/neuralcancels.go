package main

import (
	"context"
	"fmt"
)

// neuralCancels is cancel for neural voices.
//
// Method: as cancel, with 50 cancels for each voice (6 with -quick), by gRPC and
// REST in turn, on a server whose workers for the voice are warm.
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
		c := newCancelling(l, s)
		c.voices = []*voice{listed}
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
