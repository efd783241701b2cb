package command

import (
	"bytes"
	"testing"
	"time"
)

func TestWaiting(t *testing.T) {
	begun := time.Unix(0, 0)
	for _, c := range []struct {
		ticks []time.Duration
		width int
		want  string
	}{
		{nil, 80, ""},
		{[]time.Duration{time.Second, 61 * time.Second}, 80, eraseLine + "the server speaks: 1s" + eraseLine + "the server speaks: 1m1s" + eraseLine},
		{[]time.Duration{time.Second}, 11, eraseLine + "the server" + eraseLine},
	} {
		var screen bytes.Buffer
		ticks := make(chan time.Time)
		w := &waiting{to: &screen, width: func() int { return c.width }, what: "the server speaks", begun: begun}
		ended := 0
		stop := w.show(ticks, func() { ended++ })
		for _, at := range c.ticks {
			ticks <- begun.Add(at)
		}
		stop()
		stop()
		if screen.String() != c.want || ended != 1 {
			t.Errorf("%v: %q, want %q; ended %d times", c.ticks, &screen, c.want, ended)
		}
	}
}
