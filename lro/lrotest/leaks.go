package lrotest

import (
	"runtime"
	"testing"
	"time"
)

// testNoLeaks runs and stops servers, and counts what is left of them.
func testNoLeaks(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	before := runtime.NumGoroutine()
	for range 3 {
		s := begin(t, place, toy, clock)
		held := s.start("hold a")
		waiting := s.waiting(t.Context(), held, nil)
		step := toy.Next(t)
		s.cancel(held)
		<-waiting
		<-step.Ctx.Done()
		s.wait(s.start("say b", "fail c"))
		s.stop()
	}
	// Goroutines that have been told to end need a moment.
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for runtime.NumGoroutine() > before {
		select {
		case <-tick.C:
		case <-deadline.C:
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines are left of %d:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
