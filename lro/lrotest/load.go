package lrotest

import (
	"context"
	"testing"

	"github.com/lectern/lectern/lro"
)

func testLoad(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), newClock())
	expect := func(when string, want lro.Load) {
		t.Helper()
		got, err := s.Load(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: %+v is under way, not %+v", when, got, want)
		}
	}
	expect("at first", lro.Load{})
	held := s.start("hold a")
	cancelled := s.start("say a", "say b", "say c")
	expect("queued", lro.Load{Operations: 2, Shards: 4})
	s.cancel(cancelled)
	s.run()
	step := s.toy.Next(t)
	s.toy.AwaitDiscard(t, idOf(cancelled))
	expect("at work", lro.Load{Operations: 1, Shards: 1, Running: 1})
	step.Continue()
	s.wait(held)
	s.toy.AwaitDiscard(t, idOf(held))
	expect("in the end", lro.Load{})
}
