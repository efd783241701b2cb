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
		room := s.engine.config.Buffer - (len(s.buffer) - s.head)
		if room <= 0 {
			s.waitForReader()
			continue
		}
		n := min(room, len(frames))
		s.compact(n)
		s.buffer = append(s.buffer, frames[:n]...)
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
	for s.ctx.Err() == nil && len(s.buffer)-s.head >= s.engine.config.Buffer {
		s.changed.Wait()
	}
	s.since = time.Now()
	if running {
		s.limit.Reset(max(s.left, time.Millisecond))
	}
}

// compact makes room for n more frames in place when the read ones give it.
func (s *sink) compact(n int) {
	switch {
	case s.buffer == nil:
		s.buffer = s.engine.borrow()
	case s.head == len(s.buffer):
		s.buffer, s.head = s.buffer[:0], 0
	case len(s.buffer)+n > cap(s.buffer) && s.head >= len(s.buffer)/2:
		s.buffer, s.head = s.buffer[:copy(s.buffer, s.buffer[s.head:])], 0
	}
}

// recycle gives the buffer back for the next Speech. The lock is held.
func (s *Speech) recycle() {
	if s.buffer != nil {
		buffer := s.buffer
		s.engine.buffers.Put(&buffer)
		s.buffer, s.head = nil, 0
	}
}

// borrow returns an empty buffer, used before or new.
func (e *Engine) borrow() []int16 {
	if b, ok := e.buffers.Get().(*[]int16); ok {
		return (*b)[:0]
	}
	return make([]int16, 0, 32<<10)
}
