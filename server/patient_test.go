package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// timed is an answer that knows until when its client may take something.
type timed struct {
	http.ResponseWriter
	due time.Time
}

func (t *timed) SetWriteDeadline(due time.Time) error {
	t.due = due
	return nil
}

// TestHandlersGiveMoreTime: a handler's own deadline holds while it is the later one.
func TestHandlersGiveMoreTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beneath := &timed{ResponseWriter: httptest.NewRecorder()}
		w := patiently(30*time.Second, beneath)
		written := func(want time.Duration) {
			t.Helper()
			if _, err := w.Write([]byte("a")); err != nil || time.Until(beneath.due) != want {
				t.Errorf("%v: the client has %v, want %v", err, time.Until(beneath.due), want)
			}
		}
		written(30 * time.Second)
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		written(time.Minute)
		time.Sleep(20 * time.Second)
		written(40 * time.Second)
		time.Sleep(30 * time.Second)
		written(30 * time.Second)
	})
}
