package ttsapi

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/speech"
)

// TestCallsTakeTurns: a long call waits for the one before it, does not begin
// meanwhile, and may give up; a short one waits for neither.
func TestCallsTakeTurns(t *testing.T) {
	reached, resume := make(chan struct{}), make(chan struct{})
	var began atomic.Int64
	s := newSpeaker(t, tone.Options{Hook: func(_ context.Context, u speech.Utterance, word int) error {
		if word != 0 {
			return nil
		}
		switch {
		case strings.HasPrefix(u.Text, "Hold"):
			close(reached)
			<-resume
		case strings.HasPrefix(u.Text, "Second"):
			began.Add(1)
		}
		return nil
	}}, func(c *Config) { c.Callers = callers.New(callers.Limits{Slots: 1}) })
	say := func(ctx context.Context, said string) error {
		r := speechRequest()
		r.Input = text(said)
		_, err := s.synthesizeSpeech(ctx, r)
		return err
	}
	long := strings.Repeat(" And so on, and so forth.", 30)
	first := make(chan error, 1)
	go func() { first <- say(t.Context(), "Hold this one."+long) }()
	<-reached
	ctx, cancel := context.WithCancelCause(t.Context())
	second := make(chan error, 1)
	go func() { second <- say(ctx, "Second to be said."+long) }()
	if err := say(t.Context(), "Hi."); err != nil {
		t.Errorf("a short call beside them: %v", err)
	}
	gone := errors.New("its client has gone")
	cancel(gone)
	if err := <-second; !errors.Is(err, gone) || began.Load() != 0 {
		t.Errorf("the second ended with %v, begun %d times", err, began.Load())
	}
	close(resume)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if err := say(t.Context(), "Second to be said."+long); err != nil || began.Load() != 1 {
		t.Errorf("when the first is done: %v, begun %d times", err, began.Load())
	}
}
