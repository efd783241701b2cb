package command

import (
	"bytes"
	"testing"
	"time"
)

// TestDrawing: a line that stays what it is is not drawn again, none fills the last
// column, and what was drawn is taken away.
func TestDrawing(t *testing.T) {
	begun := time.Unix(0, 0)
	for _, c := range []struct {
		ticks []time.Duration
		width int
		want  string
	}{
		{nil, 80, ""},
		{[]time.Duration{time.Second, 61 * time.Second}, 80, eraseLine + "the server speaks: 1s" + eraseLine + "the server speaks: 1m1s" + eraseLine},
		{[]time.Duration{time.Second, 1100 * time.Millisecond}, 80, eraseLine + "the server speaks: 1s" + eraseLine},
		{[]time.Duration{time.Second, 2 * time.Second}, 11, eraseLine + "the server" + eraseLine},
	} {
		var screen bytes.Buffer
		ticks := make(chan time.Time)
		d := drawing{to: &screen, width: func() int { return c.width }, line: func(now time.Time) string { return waitingFor("the server speaks", now.Sub(begun)) }}
		ended := 0
		stop := d.keep(ticks, func() { ended++ })
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
