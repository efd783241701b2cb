package callers

import (
	"math"
	"time"
)

// A queue that does not grow is only long: whoever waits in it has chosen to, as
// programs do that keep many calls under way, and a burst is soon over. One that
// goes on growing would grow until everybody is too late. So a line looks, window by
// window, whether calls have waited all the time, and after some such windows lets no
// more wait than did. When calls come all the same, more is asked than can be done: each window
// halves how many may wait, until those that are taken are answered about as soon as
// ever, and the rest is refused at once. When nobody is refused any more, and nobody
// waits, each window lets twice as many wait, until anybody may again.

const (
	// window is how long a line is looked at, at least, and until it has done
	// leastServed calls; but no longer than longestWindow.
	window        = 500 * time.Millisecond
	leastServed   = 4
	longestWindow = time.Minute
	// patience is how many windows in a row calls must have waited: programs with
	// many callers take a moment to start them.
	patience = 3
)

// load is how a line fares.
type load struct {
	turns int // that there are
	// ceiling is how many calls may wait.
	ceiling int
	// standing is in how many windows in a row calls have waited all the time.
	standing int
	// rate is how many bytes of text were done in a second while calls waited; 0
	// when that is not known.
	rate float64

	// Of the window before: how many calls were done, and how many each caller asked for.
	done   int
	before map[Caller]int

	// Of the window:
	began   time.Time
	asked   map[Caller]int // calls, by who asks
	stood   bool           // calls have waited all the time
	most    int            // calls that waited at once
	refused int            // calls, because of the ceiling
	served  int            // calls that were done
	work    int64          // their text, in bytes
}

func newLoad(turns int) load {
	return load{turns: turns, ceiling: math.MaxInt, before: map[Caller]int{}, asked: map[Caller]int{}}
}

// asks counts a call that comes, when so many wait.
func (l *load) asks(now time.Time, caller Caller, waiting int) {
	l.waits(now, waiting)
	l.asked[caller]++
}

// modest reports whether a caller asks for no more than its equal share of what is
// done, so that an overload is not its doing.
func (l *load) modest(caller Caller) bool {
	callers := len(l.before)
	if l.before[caller] == 0 {
		callers++
	}
	return float64(max(l.asked[caller], l.before[caller])) <= float64(l.done)/float64(callers)
}

// waits tells of how many calls wait, before one comes, when one waits, and before
// one is done.
func (l *load) waits(now time.Time, waiting int) {
	l.stood = l.stood && waiting > 0
	l.most = max(l.most, waiting)
	calm := !l.stood && l.refused == 0
	if took := now.Sub(l.began); took >= longestWindow || took >= window && calm {
		l.next(now, waiting)
	}
}

// serve counts a call that is done. Windows end here, so that they hold whole calls.
func (l *load) serve(now time.Time, bytes int64, waiting int) {
	l.waits(now, waiting)
	if now.Sub(l.began) >= window && l.served >= leastServed {
		l.next(now, waiting)
	}
	l.served++
	l.work += bytes
}

// next ends the window and begins another.
func (l *load) next(now time.Time, waiting int) {
	l.standing++
	if !l.stood {
		l.standing = 0
	}
	switch {
	case l.refused > 0:
		l.ceiling = max(l.spare(), min(l.ceiling, l.most)/2)
	case !l.stood:
		l.ceiling = raised(l.ceiling, int(now.Sub(l.began)/window))
	case l.standing >= patience:
		// A little more, since not all who call anew as they are answered wait at once.
		l.ceiling = min(l.ceiling, l.most+l.most/8+l.turns)
	}
	if l.stood {
		l.rate = float64(l.work) / now.Sub(l.began).Seconds()
	}
	l.done, l.before, l.asked = l.served, l.asked, l.before
	clear(l.asked)
	l.began, l.stood, l.most, l.refused, l.served, l.work = now, waiting > 0, waiting, 0, 0, 0
}

// raised is a ceiling after so many calm windows: each doubles it, so that a calm
// moment in an overload does not let everybody in.
func raised(ceiling, windows int) int {
	for range max(1, windows) {
		if ceiling >= anybody {
			return math.MaxInt
		}
		ceiling *= 2
	}
	return ceiling
}

// anybody is a ceiling that is none.
const anybody = 1 << 10

// spare is how many calls may wait at least: enough that no turn is lost.
func (l *load) spare() int { return max(1, l.turns/4) }

// wait is how long so much text takes, as far as is known.
func (l *load) wait(bytes int64) time.Duration {
	if l.rate <= 0 {
		return 0
	}
	return time.Duration(float64(bytes) / l.rate * float64(time.Second))
}
