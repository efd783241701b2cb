package client

import (
	"context"
	"time"

	"github.com/lectern/lectern/fault"
)

const (
	// outage is how long a server may be away while an operation is followed:
	// operations survive a restart, and so does whoever follows them.
	outage = 30 * time.Second
	// again is the pause between attempts to reach a server that is away.
	again = 250 * time.Millisecond
	// tardiness is how much later than asked for an answer may come.
	tardiness = 10 * time.Second
	// longWait is how long one WaitOperation of a follower is: a connection that
	// nobody answers any more is noticed at its end.
	longWait = time.Minute
)

// Follow waits until an operation is done and returns it. seen, if it is not nil, is
// called with what the server tells: at once, each time that every has passed, and at
// the end; the server is asked no oftener for it. A server that goes away for less
// than half a minute is waited for.
//
// When ctx ends the error is ctx's own as a fault, and the operation is the one
// seen last; so it is after every error.
func (c *Client) Follow(ctx context.Context, name string, every time.Duration, seen func(Operation)) (Operation, error) {
	following, stop := context.WithCancel(ctx)
	defer stop()
	type end struct {
		op  Operation
		err error
	}
	ended := make(chan end, 1)
	go func() {
		op, err := c.await(following, name)
		ended <- end{op, err}
	}()
	last := Operation{Name: name, State: Running}
	if seen == nil {
		e := <-ended
		return latest(ctx, last, e.op, e.err)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		// What cannot be told now is told next time; whether the server is away for too
		// long the wait decides.
		if op, err := c.look(following, name); err == nil {
			last = op
			seen(op)
			if op.Done {
				return op, nil
			}
		}
		select {
		case e := <-ended:
			op, err := latest(ctx, last, e.op, e.err)
			if err == nil {
				seen(op)
			}
			return op, err
		case <-tick.C:
		}
	}
}

// latest is what Follow returns when the wait is over.
func latest(ctx context.Context, last, op Operation, err error) (Operation, error) {
	switch {
	case err == nil:
		return op, nil
	case ctx.Err() != nil:
		return last, fault.From(ctx.Err())
	}
	return last, err
}

// await waits until an operation is done, also while the server is away for a moment.
func (c *Client) await(ctx context.Context, name string) (Operation, error) {
	var away time.Time // since when
	for {
		asked := time.Now()
		op, err := c.waitOnce(ctx, name)
		switch {
		case err == nil && op.Done:
			return op, nil
		case err == nil:
			away = time.Time{}
			if time.Since(asked) > again {
				continue
			}
		case ctx.Err() != nil || !passes(err):
			return op, err
		case away.IsZero():
			away = time.Now()
		case time.Since(away) > outage:
			return op, err
		}
		if err := pause(ctx, again); err != nil {
			return op, err
		}
	}
}

// waitOnce is one long Wait, given up when the answer is overdue.
func (c *Client) waitOnce(ctx context.Context, name string) (Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, longWait+tardiness)
	defer cancel()
	return c.Wait(ctx, name, longWait)
}

// look is Operation, given up when the answer is overdue.
func (c *Client) look(ctx context.Context, name string) (Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, tardiness)
	defer cancel()
	return c.Operation(ctx, name)
}

// passes reports whether err is of a kind that passes when a server is back.
func passes(err error) bool {
	return fault.Is(err, fault.Unavailable) || fault.Is(err, fault.DeadlineExceeded)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
