package lro

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern/lectern/lro/driver"
)

// maxNotices is how often Notify is told of one end: with the pauses between, about
// a day.
const maxNotices = 160

// discard lets the Kind clean up after an operation that has ended. No task of it
// is RUNNING any more.
func (a *attempt) discard(ctx context.Context) error {
	// A kind that this server was built without cannot clean up after itself,
	// but its operations still go.
	if a.kind != nil {
		if err := a.guard(func() error { return a.kind.Discard(ctx, a.work()) }); err != nil {
			if cause := context.Cause(ctx); errors.Is(cause, ErrStopping) || errors.Is(cause, ErrLost) {
				return cause
			}
			a.trace.Warn("discarding what an operation left; trying again later", "error", err)
			return a.again(ctx, fmt.Errorf("discarding operation %s: %w", a.task.Op, err), 1)
		}
	}
	if err := a.tell(ctx); err != nil {
		return err
	}
	return a.persist(ctx, "ending a discard", func(ctx context.Context) (err error) {
		a.over, err = a.store.Discarded(ctx, a.task.Token)
		return err
	})
}

// tell has who wants to know told that the operation has ended. A nil error means that there
// is nothing more to tell.
func (a *attempt) tell(ctx context.Context) error {
	notify := a.notify(a.work())
	if notify == nil {
		return nil
	}
	var op driver.Operation
	err := a.persist(ctx, "reading an operation that has ended", func(ctx context.Context) (err error) {
		if op, err = a.store.Get(ctx, a.task.Op); errors.Is(err, driver.ErrNotFound) {
			op, err = driver.Operation{Hidden: true}, nil
		}
		return err
	})
	if err != nil || op.Hidden { // nobody wants to know of what was deleted
		return err
	}
	err = a.guard(func() error { return notify(ctx, a.message(op), op.Ended) })
	switch cause := context.Cause(ctx); {
	case err == nil:
		return nil
	case errors.Is(cause, ErrStopping), errors.Is(cause, ErrLost):
		return cause
	case a.task.Failures+1 >= maxNotices:
		a.trace.Error("nobody could be told that an operation has ended; it is given up", "error", err, "times", maxNotices)
		return nil
	}
	a.trace.Warn("telling that an operation has ended; trying again later", "error", err, "failures", a.task.Failures+1)
	return a.again(ctx, fmt.Errorf("telling of operation %s: %w", a.task.Op, err), 1)
}
