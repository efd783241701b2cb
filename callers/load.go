package callers

import "time"

// A queue that does not grow is only long: whoever waits in it has chosen to, as
// programs do that keep many calls under way. One that grows would grow for ever,
// until everybody is too late. So a line looks, window by window, whether more is
// asked of it than it does; while that goes on it takes what it can do, and the
// rest is refused at once.

const (
	// window is how long a line is looked at, at least, and until it has done
	// leastServed calls; but no longer than longestWindow.
	window        = 250 * time.Millisecond
	leastServed   = 4
	longestWindow = time.Minute
	// growth is how much more is asked for than done, in a queue that grows, and
	// patience in how many windows in a row it must be so.
	growth   = 1.1
	patience = 2
)

// load is how a line fares. The window under way tells nothing yet.
type load struct {
	turns int // that there are

	began  time.Time // the window
	asked  int       // calls that came
	served int       // calls that were done
	work   int64     // their text, in bytes
	stood  bool      // calls have waited all the time

	grew int     // in how many windows in a row, until now
	rate float64 // bytes of text done in a second while calls waited; 0: not known
}

// overloaded reports whether more is asked than can be done.
func (l *load) overloaded() bool { return l.grew >= patience }

// ask counts a call that comes; waiting says whether others wait.
func (l *load) ask(now time.Time, waiting bool) {
	l.stood = l.stood && waiting
	if now.Sub(l.began) >= longestWindow {
		l.next(now, waiting)
	}
	l.asked++
}

// serve counts a call that is done. Windows end here, so that they hold whole calls.
func (l *load) serve(now time.Time, bytes int64, waiting bool) {
	l.stood = l.stood && waiting
	if took := now.Sub(l.began); took >= window && l.served >= leastServed || took >= longestWindow {
		l.next(now, waiting)
	}
	l.served++
	l.work += bytes
}

// next ends the window and begins another.
func (l *load) next(now time.Time, waiting bool) {
	growing := float64(l.asked) > growth*float64(l.served)+float64(l.turns)
	switch {
	case !growing:
		l.grew = 0
	case l.stood || l.overloaded(): // where few may wait, the queue is empty now and then
		l.grew++
	}
	if l.stood {
		l.rate = float64(l.work) / now.Sub(l.began).Seconds()
	}
	l.began, l.asked, l.served, l.work, l.stood = now, 0, 0, 0, waiting
}

// spare is how many calls may wait while more is asked than can be done: enough
// that no turn is lost.
func (l *load) spare() int { return max(1, l.turns/4) }

// wait is how long so much text takes, as far as is known.
func (l *load) wait(bytes int64) time.Duration {
	if l.rate <= 0 {
		return 0
	}
	return time.Duration(float64(bytes) / l.rate * float64(time.Second))
}
