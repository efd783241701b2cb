package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
)

var cancelChecks = []check{
	{"cancel/running", "A cancelled operation is not deleted: it ends with the error code 1, CANCELLED, and no response.", fromProto + ", CancelOperation", cancelRunning},
	{"cancel/at-once", "When the cancel of an operation under way has answered, the operation is done. (More than the API asks for, which lets it end later.)", fromProto + ", CancelOperation", cancelAtOnce},
	{"cancel/twice", "A second cancel changes nothing.", fromProto + ", CancelOperation", cancelTwice},
	{"cancel/done", "The cancel of what is done changes nothing.", fromProto + ", CancelOperation", cancelDone},
	{"cancel/unknown", "The cancel of a name that no operation has is NOT_FOUND.", fromErrors, cancelUnknown},
}

func cancelRunning(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	if err := t.cancel(ctx, op.GetName()); err != nil {
		return err
	}
	end, err := t.ended(ctx, op.GetName())
	if err != nil {
		return err
	}
	return isCancelled(end)
}

func isCancelled(op *operation) error {
	if op.GetResponse() != nil || codes.Code(op.GetError().GetCode()) != codes.Canceled {
		return fmt.Errorf("it ended in %s", outcomeOf(op))
	}
	return nil
}

func cancelAtOnce(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	if err := t.cancel(ctx, op.GetName()); err != nil {
		return err
	}
	now, err := t.get(ctx, op.GetName())
	if err != nil {
		return err
	}
	if !now.GetDone() {
		return errUnsaid("it ends later, as the API allows")
	}
	return isCancelled(now)
}

func cancelTwice(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	if err := t.cancel(ctx, op.GetName()); err != nil {
		return err
	}
	if _, err := t.ended(ctx, op.GetName()); err != nil {
		return err
	}
	return unchangedByCancel(ctx, t, op.GetName())
}

func cancelDone(ctx context.Context, t *target) error {
	op, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	return unchangedByCancel(ctx, t, op.GetName())
}

// unchangedByCancel cancels what is done. What that answers is the server's own
// affair, but it must know the operation.
func unchangedByCancel(ctx context.Context, t *target, name string) error {
	before, err := t.get(ctx, name)
	if err != nil {
		return err
	}
	if err := t.cancel(ctx, name); isNotFound(err) {
		return fmt.Errorf("the cancel of an operation that is there answers: %w", err)
	}
	after, err := t.get(ctx, name)
	if err != nil {
		return err
	}
	if outcomeOf(before) != outcomeOf(after) {
		return fmt.Errorf("it was %s and became %s", outcomeOf(before), outcomeOf(after))
	}
	return nil
}

func cancelUnknown(ctx context.Context, t *target) error {
	op, err := t.short(ctx)
	if err != nil {
		return err
	}
	return wants("CancelOperation", t.cancel(ctx, unknown(op.GetName())), codes.NotFound)
}
