package engine

import (
	"context"
	"time"
)

// sink is the side of a Speech that its engine sees.
type sink Speech

// Audio takes frames from the engine and waits while the buffer is full.
func (s *sink) Audio(frames []int16) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(frames) > 0 {
		if s.ctx.Err() != nil {
			return context.Cause(s.ctx)
		}
		room := s.engine.config.Buffer - s.backlog.frames
		if room <= 0 {
			s.waitForReader()
			continue
		}
		n := min(room, len(frames))
		s.backlog.put(frames[:n])
		s.made += int64(n)
		frames = frames[n:]
		s.changed.Broadcast()
	}
	return nil
}

// Event takes the place of one word from the engine.
func (s *sink) Event(e Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
	return nil
}

// waitForReader waits for the reader or the context's end, with the deadline's
// clock stopped: a slow reader is not the engine's fault.
func (s *sink) waitForReader() {
	running := s.limit.Stop()
	s.left -= time.Since(s.since)
	for s.ctx.Err() == nil && s.backlog.frames >= s.engine.config.Buffer {
		s.changed.Wait()
	}
	s.since = time.Now()
	if running {
		s.limit.Reset(max(s.left, time.Millisecond))
	}
}
