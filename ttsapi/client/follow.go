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
)

// Follow waits until an operation is done and returns it. seen, which may be
// nil, is called with what the server tells, about once every interval. A
// server that goes away for less than half a minute is waited for.
//
// When ctx ends the error is ctx's own as a fault, and the operation is the one
// seen last; so it is after every error.
func (c *Client) Follow(ctx context.Context, name string, every time.Duration, seen func(Operation)) (Operation, error) {
	last := Operation{Name: name, State: Running}
	answered := time.Now()
	for {
		op, err := c.waitOnce(ctx, name, every)
		switch {
		case err == nil:
			last, answered = op, time.Now()
			if seen != nil {
				seen(op)
			}
			if op.Done {
				return op, nil
			}
		case ctx.Err() != nil:
			return last, fault.From(ctx.Err())
		case !away(err) || time.Since(answered) > outage:
			return last, err
		default:
			if err := pause(ctx, again); err != nil {
				return last, fault.From(err)
			}
		}
	}
}

// waitOnce is Wait for one interval, given up when the answer is overdue.
func (c *Client) waitOnce(ctx context.Context, name string, every time.Duration) (Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, every+tardiness)
	defer cancel()
	return c.Wait(ctx, name, every)
}

// away reports whether err is of a kind that passes when a server is back.
func away(err error) bool {
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
