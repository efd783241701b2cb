package engine

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

// slots is a semaphore with a bounded queue for each class.
type slots struct {
	mu      sync.Mutex
	free    int
	limit   int
	waiting [2]list.List // of chan struct{}, by class; closed when it has its slot
}

func newSlots(n, limit int) *slots { return &slots{free: n, limit: limit} }

// acquire takes a slot, or fails when the class's queue is full or ctx ends.
func (s *slots) acquire(ctx context.Context, class Class) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	queue := &s.waiting[class]
	if queue.Len() >= s.limit {
		s.mu.Unlock()
		return fault.New(fault.ResourceExhausted, "Too many requests wait for a voice. Try again in a moment.").Retry(time.Second)
	}
	turn := make(chan struct{})
	place := queue.PushBack(turn)
	s.mu.Unlock()

	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-turn: // the slot came at the same moment: pass it on
		s.releaseLocked()
	default:
		queue.Remove(place)
	}
	return context.Cause(ctx)
}

func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.releaseLocked()
}

func (s *slots) releaseLocked() {
	for class := range s.waiting {
		if first := s.waiting[class].Front(); first != nil {
			close(s.waiting[class].Remove(first).(chan struct{}))
			return
		}
	}
	s.free++
}

func (s *slots) waitingNow() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting[Interactive].Len() + s.waiting[Batch].Len()
}
