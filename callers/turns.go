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

// Turn waits until a call with so many bytes of text may be spoken. Whoever gets a
// turn speaks with the context it returns, and calls leave when that is done. It
// fails when ctx ends, and at once as RESOURCE_EXHAUSTED when too many calls of the
// caller wait already, when more is asked of the server than it can do, and when the
// turn cannot be foreseen to come in time.
func (c *Callers) Turn(ctx context.Context, caller Caller, bytes int64) (speaking context.Context, leave func(), err error) {
	t := &turn{callers: c, line: &c.long, caller: caller, bytes: bytes, most: c.limits.Wait}
	if bytes <= shortBytes {
		t.line = &c.short
	}
	if err := t.take(ctx, t.refuse); err != nil {
		return nil, nil, err
	}
	return context.WithValue(ctx, turnKey{}, t), t.leave, nil
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
	if again := t.take(ctx, nil); again != nil {
		return again
	}
	return err
}

// turn is one call's. It belongs to one goroutine.
type turn struct {
	callers *Callers
	line    *line
	caller  Caller
	bytes   int64
	most    time.Duration // that it may have to wait
	held    bool
}

type turnKey struct{}

// take waits for the turn, unless refuse says why it must not. A nil refuse is for
// a call that had its turn before.
func (t *turn) take(ctx context.Context, refuse func(context.Context) error) error {
	c, l := t.callers, t.line
	c.mu.Lock()
	if refuse != nil {
		l.load.asks(time.Now(), t.caller, len(l.waiting), len(l.held) == 0)
	}
	if l.free > 0 {
		l.begin(t.caller)
		c.mu.Unlock()
		t.held = true
		return nil
	}
	if refuse != nil {
		if err := refuse(ctx); err != nil {
			c.mu.Unlock()
			return err
		}
	}
	w := &waiter{caller: t.caller, bytes: t.bytes, turn: make(chan struct{})}
	l.join(w)
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
	l.take(at)
	return context.Cause(ctx)
}

// refuse says why a call must not wait, or nil. It is called while the callers are
// locked.
func (t *turn) refuse(ctx context.Context) error {
	l, limits := t.line, t.callers.limits
	mine := l.waitingOf(t.caller)
	if mine >= limits.Waiting {
		return fault.New(fault.ResourceExhausted, "%d calls of yours wait for a voice already. Try again in a moment.", limits.Waiting).Retry(time.Second)
	}
	wait, most := l.load.wait(l.queued), t.most
	if due, has := ctx.Deadline(); has {
		most = min(most, time.Until(due))
	}
	switch full := len(l.waiting) >= l.load.ceiling; {
	case !full && wait <= most:
		return nil
	case mine == 0 && l.held[t.caller] == 0 && l.load.modest(t.caller):
		return nil // who asks for little does not pay for who asks for much
	case full:
		l.load.refuse()
		return fault.New(fault.ResourceExhausted, "More is asked of the server than it can do, so it refuses some calls at once. Try again in a moment.").Retry(time.Second)
	}
	return fault.New(fault.ResourceExhausted, "The calls that wait for a voice take about %v, which is longer than this one may wait. Try again later.", wait.Round(100*time.Millisecond)).Retry(max(time.Second, wait-most))
}

// leave ends the call. It may be called more than once.
func (t *turn) leave() {
	if t.held {
		t.callers.mu.Lock()
		t.line.load.serve(time.Now(), t.bytes, len(t.line.waiting))
		t.callers.mu.Unlock()
	}
	t.giveBack()
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
