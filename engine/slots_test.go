package engine

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestBatchHasAShare: however many wait interactively, long work has one turn in
// eight, and no more.
func TestBatchHasAShare(t *testing.T) {
	s := newSlots(1, 1000)
	if err := s.acquire(t.Context(), Interactive); err != nil {
		t.Fatal(err)
	}
	turns := make(chan Class)
	for _, class := range []Class{Interactive, Batch} {
		for range 100 {
			before := s.waitingNow()
			go func() {
				if err := s.acquire(context.Background(), class); err != nil {
					t.Error(err)
				}
				turns <- class
			}()
			for s.waitingNow() == before { // until it is in line
				runtime.Gosched()
			}
		}
	}
	// What was given first is given back first, of two at once Batch's. With each slot
	// of Batch's comes the one more for Interactive.
	held, count := []Class{Interactive}, [2]int{}
	next := func() {
		s.release(held[0])
		held = held[1:]
		for s.heldNow() > len(held) {
			class := <-turns
			if count[class]++; class == Batch {
				held = slices.Insert(held, 0, class)
			} else {
				held = append(held, class)
			}
		}
	}
	for count[Interactive]+count[Batch] < 90 {
		next()
	}
	if count[Batch] != 10 || count[Interactive] != 80 {
		t.Errorf("of 90 turns %d were interactive and %d batch", count[Interactive], count[Batch])
	}
	for len(held) > 0 {
		next()
	}
	if count[Batch] != 100 || count[Interactive] != 100 {
		t.Errorf("in the end %d were interactive and %d batch", count[Interactive], count[Batch])
	}
	if s.free != 1 || s.batch != 0 {
		t.Errorf("%d slots are free, Batch has %d", s.free, s.batch)
	}
}

// heldNow is how many of one slot and the one more are taken.
func (s *slots) heldNow() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return 1 - s.free
}

// TestInteractivePassesABook: while Batch has all slots, one utterance that somebody
// waits for is spoken beside it; and none when they are all Interactive's.
func TestInteractivePassesABook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(2, 1000)
		take := func(class Class) (taken bool) {
			go func() {
				taken = s.acquire(t.Context(), class) == nil
			}()
			synctest.Wait()
			return taken
		}
		for _, class := range []Class{Batch, Batch, Interactive} {
			if !take(class) {
				t.Fatal("not all that may begin does")
			}
		}
		if take(Interactive) || take(Batch) {
			t.Fatal("more begins than may")
		}
		s.release(Batch) // to Interactive, as the one more
		synctest.Wait()
		if s.free != -1 || s.batch != 1 || s.waitingNow() != 1 {
			t.Errorf("%d free, Batch has %d, %d wait", s.free, s.batch, s.waitingNow())
		}
		s.release(Batch) // two of Interactive's are left: there is no one more
		synctest.Wait()
		if s.free != 0 || s.batch != 0 || s.waitingNow() != 1 || take(Interactive) {
			t.Errorf("%d free, Batch has %d, %d wait", s.free, s.batch, s.waitingNow())
		}
		for range 3 {
			s.release(Interactive)
			synctest.Wait()
		}
		s.release(Batch)
		if s.free != 2 || s.batch != 0 || s.waitingNow() != 0 {
			t.Errorf("in the end %d free, Batch has %d, %d wait", s.free, s.batch, s.waitingNow())
		}
	})
}

// TestWhoNeedsItFirstIsServedFirst: by the time that its sound is due, else by when
// it came.
func TestWhoNeedsItFirstIsServedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 1000)
		if err := s.acquire(t.Context(), Interactive); err != nil {
			t.Fatal(err)
		}
		turns := make(chan string)
		begun := time.Now()
		wait := func(name string, ctx context.Context) {
			go func() {
				if err := s.acquire(ctx, Interactive); err != nil {
					t.Error(err)
				}
				turns <- name
			}()
			synctest.Wait()
			time.Sleep(time.Second) // of the test's own clock
		}
		wait("at 0", t.Context())
		wait("due at 5", Due(t.Context(), begun.Add(5*time.Second)))
		wait("at 2", t.Context())
		wait("due at 1", Due(t.Context(), begun.Add(time.Second)))
		wait("due at 5 too", Due(t.Context(), begun.Add(5*time.Second)))
		var order []string
		for range 5 {
			s.release(Interactive)
			order = append(order, <-turns)
		}
		if want := []string{"at 0", "due at 1", "at 2", "due at 5", "due at 5 too"}; !slices.Equal(order, want) {
			t.Errorf("the order is %q, want %q", order, want)
		}
	})
}
