package engine

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

// slots is a semaphore with a bounded queue for each class, in which who needs its
// sound first stands first. A slot that becomes free goes to Interactive, but each
// batchShare-th that both wait for goes to Batch: somebody who waits for a sound
// hardly hears of it, and long work goes on however many of them there are. While
// Batch has a slot there is one more for Interactive, since an utterance of a book
// may take seconds, which is long for somebody who listens.
type slots struct {
	mu      sync.Mutex
	free    int // -1 while the one more is taken
	batch   int // that Batch has
	limit   int
	waiting [2]list.List // of waiter, by class
	passed  int          // turns that Batch has waited while Interactive took them
}

// waiter is who waits for a slot.
type waiter struct {
	turn chan struct{} // closed when it has it
	due  time.Time     // when its sound is needed
}

// dueKey is that of the time that Due puts into a context.
type dueKey struct{}

// Due returns a context whose utterances are needed at a time: of those who wait
// for a turn in one class the one goes first whose time is the earliest. Without
// it that is when an utterance comes, so that first come is first served.
func Due(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, dueKey{}, at)
}

// dueOf is when ctx's utterance, which comes now, is needed.
func dueOf(ctx context.Context) time.Time {
	if at, ok := ctx.Value(dueKey{}).(time.Time); ok {
		return at
	}
	return time.Now()
}

// insert puts w into its place in queue.
func insert(queue *list.List, w waiter) *list.Element {
	for e := queue.Back(); e != nil; e = e.Prev() {
		if !w.due.Before(e.Value.(waiter).due) {
			return queue.InsertAfter(w, e)
		}
	}
	return queue.PushFront(w)
}

// batchShare is one turn in how many.
const batchShare = 8

func newSlots(n, limit int) *slots { return &slots{free: n, limit: limit} }

// waitingKey is that of the function that Waiting puts into a context.
type waitingKey struct{}

// waitingBeat is how often somebody who waits says so.
const waitingBeat = time.Second

// Waiting returns a context with which an utterance that waits for its turn
// calls beat at once and then each second: so that waiting is not taken for a
// standstill.
func Waiting(ctx context.Context, beat func()) context.Context {
	return context.WithValue(ctx, waitingKey{}, beat)
}

// acquire takes a slot, or fails when the class's queue is full or ctx ends.
func (s *slots) acquire(ctx context.Context, class Class) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	if s.may(class) {
		s.take(class)
		s.mu.Unlock()
		return nil
	}
	queue := &s.waiting[class]
	if queue.Len() >= s.limit {
		s.mu.Unlock()
		return fault.New(fault.ResourceExhausted, "Too many requests wait for a voice. Try again in a moment.").Retry(time.Second)
	}
	turn := make(chan struct{})
	place := insert(queue, waiter{turn, dueOf(ctx)})
	s.mu.Unlock()

	if await(ctx, turn) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-turn: // the slot came at the same moment: pass it on
		s.giveBack(class)
	default:
		queue.Remove(place)
	}
	return context.Cause(ctx)
}

// await reports whether the turn came before ctx ended.
func await(ctx context.Context, turn <-chan struct{}) bool {
	beat, tells := ctx.Value(waitingKey{}).(func())
	var tick <-chan time.Time
	if tells {
		beat()
		ticker := time.NewTicker(waitingBeat)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-turn:
			return true
		case <-ctx.Done():
			return false
		case <-tick:
			beat()
		}
	}
}

// may reports whether there is a slot for a class.
func (s *slots) may(class Class) bool {
	return s.free > 0 || class == Interactive && s.free == 0 && s.batch > 0
}

func (s *slots) take(class Class) {
	s.free--
	if class == Batch {
		s.batch++
	}
}

// release gives a class's slot to who is next.
func (s *slots) release(class Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.giveBack(class)
}

func (s *slots) giveBack(class Class) {
	s.free++
	if class == Batch {
		s.batch--
	}
	for s.serveNext() {
	}
}

// serveNext gives a slot to who is next, if there is one.
func (s *slots) serveNext() bool {
	interactive, batch := s.waits(Interactive), s.waits(Batch)
	class := Interactive
	switch {
	case !interactive && !batch:
		return false
	case interactive && batch && s.passed < batchShare-1:
		s.passed++
	case batch:
		class, s.passed = Batch, 0
	}
	s.take(class)
	close(s.waiting[class].Remove(s.waiting[class].Front()).(waiter).turn)
	return true
}

// waits reports whether somebody of a class waits for whom there is a slot.
func (s *slots) waits(class Class) bool { return s.waiting[class].Len() > 0 && s.may(class) }

func (s *slots) waitingNow() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting[Interactive].Len() + s.waiting[Batch].Len()
}
