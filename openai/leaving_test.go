package openai

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/callers"
)

// timed is an answer that knows until when its client may take something.
type timed struct {
	*httptest.ResponseRecorder
	due time.Time
}

func (t *timed) SetWriteDeadline(due time.Time) error {
	t.due = due
	return nil
}

// TestWhoListensHasTime: a client that was sent a minute of sound may take no more until
// it has heard that.
func TestWhoListensHasTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn, err := callers.New(callers.Limits{}).Stream(callers.At("192.0.2.1:1"))
		if err != nil {
			t.Fatal(err)
		}
		defer turn.Leave()
		answer := &timed{ResponseRecorder: httptest.NewRecorder()}
		l := &leaving{to: plainly{answer}, turn: turn, control: http.NewResponseController(answer)}
		for _, c := range []struct {
			passes, sounds, want time.Duration
		}{
			{0, time.Minute, untakenFor},
			{0, 2 * time.Minute, time.Minute + untakenFor},
			{0, 2 * time.Minute, 2*time.Minute + untakenFor},
			{time.Minute, 2 * time.Minute, time.Minute + untakenFor},
			{time.Hour, 3 * time.Minute, untakenFor},
			{0, 3 * time.Minute, time.Minute + untakenFor},
		} {
			time.Sleep(c.passes)
			l.Sounds(c.sounds)
			if _, err := l.Write(make([]byte, leastSent)); err != nil || time.Until(answer.due) != c.want {
				t.Errorf("%+v: %v, %v", c, time.Until(answer.due), err)
			}
		}
	})
}
