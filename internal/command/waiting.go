package command

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// waiting tells whoever sits at a terminal for how long nothing has come yet.
type waiting struct {
	to    io.Writer
	width func() int
	what  string
	begun time.Time
}

// showWaiting draws a line each second, on a terminal only, until stop is called, which
// takes it away and may be called again.
func showWaiting(env *environment, what string) (stop func()) {
	if !isTerminal(env.stderr) {
		return func() {}
	}
	w := &waiting{to: env.stderr, width: func() int { return terminalWidth(env.stderr) }, what: what, begun: time.Now()}
	tick := time.NewTicker(time.Second)
	return w.show(tick.C, tick.Stop)
}

// show draws the line at each tick until stop is called, which calls after.
func (w *waiting) show(ticks <-chan time.Time, after func()) (stop func()) {
	over, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		drawn := false
		for {
			select {
			case now := <-ticks:
				line := fmt.Sprintf("%s: %s", w.what, now.Sub(w.begun).Round(time.Second))
				fmt.Fprint(w.to, eraseLine+line[:min(len(line), max(w.width()-1, 0))])
				drawn = true
			case <-over:
				if drawn {
					fmt.Fprint(w.to, eraseLine)
				}
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(over)
		<-gone
		after()
	})
}
