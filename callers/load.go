package callers

import (
	"math"
	"time"
)

// A queue that does not grow is only long: whoever waits in it has chosen to, as
// programs do that keep many calls under way, and a burst is soon over. One that
// goes on growing would grow until everybody is too late. So when calls have waited
// all the time for a while, no more may wait than did. When calls come all the
// same, more is asked than can be done: each window of time halves how many may wait,
// until those that are taken are answered about as soon as ever, and the rest is
// refused at once. When nobody is refused any more, and nobody waits, each window lets
// twice as many wait, until anybody may again.

const (
	// window is how long a line is looked at, at least, and until it has done
	// leastServed calls; but no longer than longestWindow.
	window        = 500 * time.Millisecond
	leastServed   = 4
	longestWindow = time.Minute
	// patience is how long calls must have waited, while leastServed were done: programs
	// with many callers take a moment to start them.
	patience = 1500 * time.Millisecond
)

// load is how a line fares.
type load struct {
	turns int // that there are
	// ceiling is how many calls may wait.
	ceiling int
	// since is from when on calls have waited all the time, zero if they have not, and
	// sinceServed is how many were done meanwhile.
	since       time.Time
	sinceServed int
	// rate is how many bytes of text were done in a second while calls waited; 0
	// when that is not known.
	rate float64

	// Of the window before: how many calls were done, how many waited at once, and how
	// many each caller asked for.
	done       int
	mostBefore int
	before     map[Caller]int

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

// asks counts a call that comes, when so many wait; idle says that nobody has a turn.
func (l *load) asks(now time.Time, caller Caller, waiting int, idle bool) {
	l.waits(now, waiting)
	if idle && now.Sub(l.began) >= window {
		l.next(now, waiting)
	}
	l.asked[caller]++
	if !l.since.IsZero() && now.Sub(l.since) >= patience && l.sinceServed >= leastServed {
		// A little more, since not all who call anew as they are answered wait at once.
		most := max(l.most, l.mostBefore)
		l.ceiling = min(l.ceiling, most+max(most/8, 1))
	}
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
	switch {
	case waiting == 0:
		l.since, l.stood = time.Time{}, false
	case l.since.IsZero():
		l.since, l.sinceServed = now, 0
	}
	l.most = max(l.most, waiting)
	calm := !l.stood && l.refused == 0 && l.served >= leastServed
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
	l.sinceServed++
	l.work += bytes
}

// next ends the window and begins another.
func (l *load) next(now time.Time, waiting int) {
	if l.refused == 0 && !l.stood {
		l.ceiling = raised(l.ceiling, int(now.Sub(l.began)/window))
	}
	if l.stood {
		l.rate = float64(l.work) / now.Sub(l.began).Seconds()
	}
	l.done, l.mostBefore, l.before, l.asked = l.served, l.most, l.asked, l.before
	clear(l.asked)
	l.began, l.stood, l.most, l.refused, l.served, l.work = now, waiting > 0, waiting, 0, 0, 0
}

// refuse counts a call that comes when as many wait as may. The first of a window
// lets fewer wait from now on.
func (l *load) refuse() {
	if l.refused == 0 {
		l.ceiling = max(l.spare(), (min(l.ceiling, max(l.most, l.mostBefore))-l.turns)/2)
	}
	l.refused++
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
