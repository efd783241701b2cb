package engine

import (
	"context"
	"runtime"
	"testing"
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
