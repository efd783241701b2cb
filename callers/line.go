package callers

import (
	"slices"
	"time"
)

// oldestShare is one turn in how many that goes to the call that has waited longest.
const oldestShare = 4

// line is calls that wait for one kind of turn, and those that have one.
type line struct {
	free    int
	held    map[Caller]int // turns, by who has them
	waiting []*waiter      // in the order in which they came
	queued  int64          // their text, in bytes
	given   int            // turns since the oldest had one
	load    load
}

type waiter struct {
	caller Caller
	bytes  int64
	turn   chan struct{} // closed when it has it
}

func newLine(turns int) line {
	return line{free: turns, held: map[Caller]int{}, load: newLoad(turns)}
}

func (l *line) waitingOf(caller Caller) int {
	n := 0
	for _, w := range l.waiting {
		if w.caller == caller {
			n++
		}
	}
	return n
}

// join adds a call to those that wait.
func (l *line) join(w *waiter) {
	l.waiting = append(l.waiting, w)
	l.queued += w.bytes
	l.load.waits(time.Now(), len(l.waiting))
}

// take takes a call from those that wait.
func (l *line) take(at int) *waiter {
	w := l.waiting[at]
	l.waiting = slices.Delete(l.waiting, at, at+1)
	l.queued -= w.bytes
	return w
}

func (l *line) begin(caller Caller) {
	l.free--
	l.held[caller]++
}

// end takes a turn back and gives it on.
func (l *line) end(caller Caller) {
	l.free++
	if l.held[caller]--; l.held[caller] == 0 {
		delete(l.held, caller)
	}
	if len(l.waiting) == 0 {
		return
	}
	w := l.take(l.next())
	l.begin(w.caller)
	close(w.turn)
}

// next is the place of the call whose turn it is: of those whose callers have the
// fewest, the one that came last. In a crowd that no machine can serve in time,
// most are then served at once and some wait, where else all would be late; and
// who calls now and then is not behind everybody who has called before. The oldest
// has each fourth turn, so that nobody waits for ever.
func (l *line) next() int {
	if l.given++; l.given == oldestShare {
		l.given = 0
		return 0
	}
	best := 0
	for i, w := range l.waiting {
		if l.held[w.caller] <= l.held[l.waiting[best].caller] {
			best = i
		}
	}
	return best
}
