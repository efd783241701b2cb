package command

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// showWaiting tells whoever sits at a terminal for how long nothing has come yet: a line
// each second, until stop is called.
func showWaiting(env *environment, what string) (stop func()) {
	begun := time.Now()
	return keepDrawn(env, time.Second, func(now time.Time) string { return waitingFor(what, now.Sub(begun)) })
}

func waitingFor(what string, d time.Duration) string {
	return fmt.Sprintf("%s: %s", what, d.Round(time.Second))
}

// keepDrawn has a line of the terminal at stderr say what it shall, looking so often,
// until stop is called, which takes it away and may be called again. Where there is no
// terminal nothing is drawn.
func keepDrawn(env *environment, often time.Duration, line func(now time.Time) string) (stop func()) {
	if !isTerminal(env.stderr) {
		return func() {}
	}
	tick := time.NewTicker(often)
	d := drawing{to: env.stderr, width: func() int { return terminalWidth(env.stderr) }, line: line}
	return d.keep(tick.C, tick.Stop)
}

// drawing is a line that is drawn again and again.
type drawing struct {
	to    io.Writer
	width func() int
	line  func(now time.Time) string
}

// keep draws the line at each tick, if it has changed, until stop is called, which calls
// after.
func (d drawing) keep(ticks <-chan time.Time, after func()) (stop func()) {
	over, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		drawn := ""
		for {
			select {
			case now := <-ticks:
				line := d.line(now)
				line = line[:min(len(line), max(d.width()-1, 0))]
				if line != drawn {
					fmt.Fprint(d.to, eraseLine+line)
					drawn = line
				}
			case <-over:
				if drawn != "" {
					fmt.Fprint(d.to, eraseLine)
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
