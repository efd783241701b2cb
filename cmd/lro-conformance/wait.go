package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
)

var waitChecks = []check{
	{"wait/done", "Waiting for what is done answers at once.", fromProto + ", WaitOperation", waitDone},
	{"wait/timeout", "Waiting for what is under way answers with its latest state when the timeout is over, and not with an error.", fromProto + ", WaitOperation", waitTimeout},
	{"wait/end", "Who waits is told of the end, before the timeout.", fromProto + ", WaitOperation", waitEnd},
	{"wait/cancelled", "Who waits is told of a cancel too.", fromProto + ", WaitOperation", waitCancelled},
	{"wait/unknown", "Waiting for a name that no operation has is NOT_FOUND.", fromErrors, waitUnknown},
}

// atOnce is how long an answer takes at most that needs no waiting, and grace how
// much later than a timeout one may come: both are generous.
const (
	atOnce = 2 * time.Second
	grace  = 2 * time.Second
)

// underWay is how long a call that waits is given to reach the server.
const underWay = 500 * time.Millisecond

func waitDone(ctx context.Context, t *target) error {
	op, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	begun := time.Now()
	again, err := t.wait(ctx, op.GetName(), 20*time.Second)
	if err != nil {
		return err
	}
	if took := time.Since(begun); took > atOnce {
		return fmt.Errorf("it took %s", took.Round(time.Millisecond))
	}
	if outcomeOf(again) != outcomeOf(op) {
		return fmt.Errorf("GetOperation says %s, WaitOperation %s", outcomeOf(op), outcomeOf(again))
	}
	return nil
}

func waitTimeout(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	const timeout = time.Second
	begun := time.Now()
	again, err := t.wait(ctx, op.GetName(), timeout)
	if err != nil {
		return err
	}
	if took := time.Since(begun); took > timeout+grace {
		return fmt.Errorf("with a timeout of %s it took %s", timeout, took.Round(time.Millisecond))
	}
	if again.GetDone() {
		if now, err := t.get(ctx, op.GetName()); err == nil && !now.GetDone() {
			return fmt.Errorf("WaitOperation says %s of an operation that is under way", outcomeOf(again))
		}
		return errUnsaid("the operation that should be long was over soon")
	}
	return nil
}

func waitEnd(ctx context.Context, t *target) error {
	begun, err := t.short(ctx)
	if err != nil {
		return err
	}
	// It may answer sooner than at the end, but not for ever.
	for end := time.Now().Add(t.patience); time.Now().Before(end); {
		op, err := t.wait(ctx, begun.GetName(), t.patience)
		if err != nil {
			return err
		}
		if !op.GetDone() {
			continue
		}
		now, err := t.get(ctx, begun.GetName())
		if err != nil {
			return err
		}
		if outcomeOf(now) != outcomeOf(op) {
			return fmt.Errorf("WaitOperation says %s, and GetOperation then %s", outcomeOf(op), outcomeOf(now))
		}
		return nil
	}
	return fmt.Errorf("it was not told of an end in %s", t.patience)
}

func waitCancelled(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	type answer struct {
		op  *operation
		err error
	}
	told := make(chan answer, 1)
	go func() {
		for {
			op, err := t.wait(ctx, op.GetName(), 2*t.patience)
			if err != nil || op.GetDone() {
				told <- answer{op, err}
				return
			}
		}
	}()
	time.Sleep(underWay)
	if err := t.cancel(ctx, op.GetName()); err != nil {
		return err
	}
	select {
	case a := <-told:
		if a.err != nil {
			return a.err
		}
		if codes.Code(a.op.GetError().GetCode()) != codes.Canceled {
			return fmt.Errorf("it was told of %s", outcomeOf(a.op))
		}
		return nil
	case <-time.After(t.patience):
		return fmt.Errorf("it was not told in %s", t.patience)
	}
}

func waitUnknown(ctx context.Context, t *target) error {
	op, err := t.short(ctx)
	if err != nil {
		return err
	}
	_, err = t.wait(ctx, unknown(op.GetName()), time.Second)
	return wants("WaitOperation", err, codes.NotFound)
}
