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
	var count [2]int
	for range 80 {
		s.release()
		count[<-turns]++
	}
	if count[Batch] != 10 || count[Interactive] != 70 {
		t.Errorf("of 80 turns %d were interactive and %d batch", count[Interactive], count[Batch])
	}
	for range 120 {
		s.release()
		count[<-turns]++
	}
	if count[Batch] != 100 || count[Interactive] != 100 {
		t.Errorf("in the end %d were interactive and %d batch", count[Interactive], count[Batch])
	}
	s.release()
	if s.free != 1 {
		t.Errorf("%d slots are free", s.free)
	}
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
			s.release()
			order = append(order, <-turns)
		}
		if want := []string{"at 0", "due at 1", "at 2", "due at 5", "due at 5 too"}; !slices.Equal(order, want) {
			t.Errorf("the order is %q, want %q", order, want)
		}
	})
}
