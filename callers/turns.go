package callers

import (
	"context"
	"math"
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
// turn speaks with the context it returns, and calls leave when that is done. It
// fails when ctx ends, and at once when too many calls of the caller wait already.
func (c *Callers) Turn(ctx context.Context, caller Caller, bytes int64) (speaking context.Context, leave func(), err error) {
	t := &turn{callers: c, line: &c.long, caller: caller}
	if bytes <= shortBytes {
		t.line = &c.short
	}
	if err := t.take(ctx, c.limits.Waiting); err != nil {
		return nil, nil, err
	}
	return context.WithValue(ctx, turnKey{}, t), t.giveBack, nil
}

// Away calls wait, which waits for something other than a voice, and returns its
// error. A turn that ctx has is somebody else's meanwhile; when it cannot be had
// again because ctx has ended, that is the error.
func Away(ctx context.Context, wait func() error) error {
	t, has := ctx.Value(turnKey{}).(*turn)
	if !has || !t.held {
		return wait()
	}
	t.giveBack()
	err := wait()
	if again := t.take(ctx, math.MaxInt); again != nil {
		return again
	}
	return err
}

// turn is one call's. It belongs to one goroutine.
type turn struct {
	callers *Callers
	line    *line
	caller  Caller
	held    bool
}

type turnKey struct{}

// take waits for the turn, unless more calls of the caller wait than most.
func (t *turn) take(ctx context.Context, most int) error {
	c, l := t.callers, t.line
	c.mu.Lock()
	if l.free > 0 {
		l.begin(t.caller)
		c.mu.Unlock()
		t.held = true
		return nil
	}
	if l.waitingOf(t.caller) >= most {
		c.mu.Unlock()
		return fault.New(fault.ResourceExhausted, "%d calls of yours wait for a voice already. Try again in a moment.", most).Retry(time.Second)
	}
	w := &waiter{caller: t.caller, turn: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	c.mu.Unlock()

	select {
	case <-w.turn:
		t.held = true
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(l.waiting, w)
	if at < 0 { // the turn came at the same moment: pass it on
		l.end(t.caller)
		return context.Cause(ctx)
	}
	l.waiting = slices.Delete(l.waiting, at, at+1)
	return context.Cause(ctx)
}

// giveBack ends the turn, if there is one.
func (t *turn) giveBack() {
	if !t.held {
		return
	}
	t.held = false
	t.callers.mu.Lock()
	defer t.callers.mu.Unlock()
	t.line.end(t.caller)
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
