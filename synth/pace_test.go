package synth_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/speech"
)

// TestWhoIsServedNext: of those who wait for the only slot the short answer is first,
// though it came last; a long one and one that is heard meanwhile follow as they came.
func TestWhoIsServedNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		var mu sync.Mutex
		var begun []string
		s := newSlots(t, 1, tone.Options{Hook: func(_ context.Context, u speech.Utterance, word int) error {
			if word == 0 {
				mu.Lock()
				begun = append(begun, strings.Fields(u.Text)[0])
				mu.Unlock()
				if strings.HasPrefix(u.Text, "Hold") {
					<-hold
				}
			}
			return nil
		}})
		long := strings.Repeat(" and so on", 60) + "."
		var all sync.WaitGroup
		speak := func(said string, heard bool) {
			p := plan(t, s, request(said))
			all.Go(func() {
				var err error
				if heard {
					_, err = s.Stream(t.Context(), engine.Interactive, p, io.Discard, 0)
				} else {
					_, _, err = s.File(t.Context(), engine.Interactive, p, allowance)
				}
				if err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // it speaks, or waits for the slot
		}
		speak("Hold the slot.", false)
		speak("Long answers wait"+long, false)
		speak("Heard meanwhile.", true)
		speak("Short.", false)
		close(hold)
		all.Wait()
		// What the long one has to say beyond its first utterance waits anew.
		if got := fmt.Sprint(begun[:4]); got != "[Hold Short. Long Heard]" {
			t.Errorf("served in the order %s", got)
		}
	})
}
