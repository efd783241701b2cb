package callers

import (
	"context"
	"slices"
	"time"

	"github.com/lectern/lectern/fault"
)

// shortBytes is the longest text of a short call: what is said in half a minute.
// Such calls do not wait behind longer ones.
const shortBytes = 500

// oldestShare is one turn in how many that goes to the call that has waited longest.
const oldestShare = 4

// Turn waits until a call with so many bytes of text may be spoken. Whoever gets a
// turn calls leave when it has been. It fails when ctx ends, and at once when too
// many calls of the caller wait already.
func (c *Callers) Turn(ctx context.Context, caller Caller, bytes int64) (leave func(), err error) {
	l := &c.long
	if bytes <= shortBytes {
		l = &c.short
	}
	c.mu.Lock()
	if l.free > 0 {
		l.begin(caller)
		c.mu.Unlock()
		return func() { c.over(l, caller) }, nil
	}
	if l.waitingOf(caller) >= c.limits.Waiting {
		c.mu.Unlock()
		return nil, fault.New(fault.ResourceExhausted, "%d calls of yours wait for a voice already. Try again in a moment.", c.limits.Waiting).Retry(time.Second)
	}
	w := &waiter{caller: caller, turn: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	c.mu.Unlock()

	select {
	case <-w.turn:
		return func() { c.over(l, caller) }, nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(l.waiting, w)
	if at < 0 { // the turn came at the same moment: pass it on
		l.end(caller)
		return nil, context.Cause(ctx)
	}
	l.waiting = slices.Delete(l.waiting, at, at+1)
	return nil, context.Cause(ctx)
}

func (c *Callers) over(l *line, caller Caller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.end(caller)
}

// line is calls that wait for one kind of turn, and those that have one.
type line struct {
	free    int
	held    map[Caller]int // turns, by who has them
	waiting []*waiter      // in the order in which they came
	given   int            // turns since the oldest had one
}

type waiter struct {
	caller Caller
	turn   chan struct{} // closed when it has it
}

func newLine(turns int) line { return line{free: turns, held: map[Caller]int{}} }

func (l *line) waitingOf(caller Caller) int {
	n := 0
	for _, w := range l.waiting {
		if w.caller == caller {
			n++
		}
	}
	return n
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
	at := l.next()
	w := l.waiting[at]
	l.waiting = slices.Delete(l.waiting, at, at+1)
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
