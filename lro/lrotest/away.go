package lrotest

import (
	"context"
	"errors"
	"testing"

	"github.com/lectern/lectern/lro"
)

// testAway: shards that wait for something else hold nobody up, however many
// they are; they are cancelled like any other, and go on when there is a place.
func testAway(t *testing.T, h Harness) {
	s := fresh(t, h)
	var names []string
	var steps []*Step
	for range 2 * slots {
		names = append(names, s.start("away a"))
		steps = append(steps, s.toy.Next(t))
	}
	expectResponse(t, s, s.start("say b", "say c"), "b c")
	s.cancel(names[0])
	expectCancelled(t, s, names[0])
	for _, step := range steps {
		if step.Op == idOf(names[0]) {
			<-step.Ctx.Done()
			if cause := context.Cause(step.Ctx); !errors.Is(cause, lro.ErrCancelled) {
				t.Errorf("the work was ended by %v", cause)
			}
			continue
		}
		step.Continue()
	}
	for _, name := range names[1:] {
		expectResponse(t, s, name, "a")
	}
	s.toy.AwaitDiscard(t, idOf(names[0]))
}
