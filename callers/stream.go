package callers

import (
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

const (
	// openingBytes is about how much text is spoken until a stream is heard.
	openingBytes = 100
	// openingWait is how late the first sound of a stream may be, as far as can be
	// foreseen: somebody listens.
	openingWait = 2 * time.Second
)

// Stream is speech that is heard while it is made. Its first sound has a turn among
// the short calls, so that a stream that would start late is refused and not mute;
// what follows goes at its listener's pace, which the engines' queues share.
//
// Begin, Heard, Sent and HeardBy belong to the goroutine that makes the sound.
type Stream struct {
	callers *Callers
	caller  Caller
	turn    *turn // until there is some sound
	leave   func()
	heardBy time.Time
}

// Stream counts a stream of a caller's owner until it leaves, or says that there are
// too many.
func (c *Callers) Stream(caller Caller) (*Stream, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	owner := caller.owner()
	if c.streams[owner] >= c.limits.Streams {
		return nil, fault.New(fault.ResourceExhausted, "You have %d streams open, and no more are allowed (--max-streams). Close one.", c.limits.Streams).Retry(time.Second)
	}
	c.streams[owner]++
	return &Stream{callers: c, caller: caller, leave: sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.streams[owner]--; c.streams[owner] == 0 {
			delete(c.streams, owner)
		}
	})}, nil
}

// Begin waits until the first sound may be made, as Turn does and with its errors,
// but refuses sooner: what would be heard late is better said at once. It is called
// once, when there is something to speak, and whoever calls it calls Heard.
func (s *Stream) Begin(ctx context.Context) error {
	t := &turn{callers: s.callers, line: &s.callers.short, caller: s.caller, bytes: openingBytes, most: min(openingWait, s.callers.limits.Wait)}
	if err := t.take(ctx, t.refuse); err != nil {
		return err
	}
	s.turn = t
	return nil
}

// Speaking returns ctx for the speech that Begin has let begin, in which the turn is
// somebody else's while it waits; see [Away].
func (s *Stream) Speaking(ctx context.Context) context.Context {
	if s.turn == nil {
		return ctx
	}
	return context.WithValue(ctx, turnKey{}, s.turn)
}

// Heard says that the first sound is there, or that none will come. It may be called
// again.
func (s *Stream) Heard() {
	if s.turn != nil {
		s.turn.leave()
		s.turn = nil
	}
}

// Sent says that so much more of the sound was sent.
func (s *Stream) Sent(length time.Duration) { s.heardBy = s.HeardBy().Add(length) }

// HeardBy is when all that was sent will have been heard, now if that is over. Who
// listens at the pace of speech takes nothing for as long as its buffers last, which are
// often large: until then it is not one who has gone.
func (s *Stream) HeardBy() time.Time {
	if now := time.Now(); s.heardBy.Before(now) {
		return now
	}
	return s.heardBy
}

// Leave says that the stream has ended. It may be called again.
func (s *Stream) Leave() { s.leave() }
