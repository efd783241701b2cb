package lro

import (
	"context"
	"errors"
	"fmt"
)

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
	return a.persist(ctx, "ending a discard", func(ctx context.Context) (err error) {
		a.over, err = a.store.Discarded(ctx, a.task.Token)
		return err
	})
}
