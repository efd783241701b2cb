package lro

import (
	"context"
	"errors"
	"fmt"
)

// discard lets the Kind clean up after an operation that has ended, once
// nothing of it is under way in this process.
func (a *attempt) discard(ctx context.Context) error {
	select {
	case <-a.running.idle(a.job.Op):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	won, err := a.claim(ctx)
	if err != nil || !won {
		return err
	}
	// A kind that this server was built without cannot clean up after itself,
	// but its operations still go.
	if a.kind != nil {
		if err := a.guard(func() error { return a.kind.Discard(ctx, a.work()) }); err != nil {
			if errors.Is(context.Cause(ctx), ErrStopping) {
				return a.release(ctx)
			}
			a.trace.Warn("discarding what an operation left; trying again later", "error", err)
			if err := a.persist(ctx, "counting a failure", func(ctx context.Context) error {
				_, err := a.store.Retry(ctx, a.job.Token, 1)
				return err
			}); err != nil {
				return err
			}
			return fmt.Errorf("discarding operation %s: %w", a.job.Op, err)
		}
	}
	return a.persist(ctx, "ending a discard", func(ctx context.Context) error {
		_, err := a.store.Discarded(ctx, a.job.Token)
		return err
	})
}
