package main

import (
	"context"
	"fmt"
	"time"
)

var expiryChecks = []check{
	{"expiry/kept", "What has ended is kept for a while: those who started it have to learn of it.", fromLRO + " (expiration)", expiryKept},
	{"expiry/gone", "After that it is NOT_FOUND.", fromLRO + " (expiration)", expiryGone},
}

func expiryKept(ctx context.Context, t *target) error { return expiry(ctx, t, t.keeps/2, false) }

// What expires need not do so at the very moment.
func expiryGone(ctx context.Context, t *target) error {
	return expiry(ctx, t, 2*t.keeps+t.patience, true)
}

// expiry looks at an operation some time after its end.
func expiry(ctx context.Context, t *target, after time.Duration, gone bool) error {
	if t.keeps == 0 {
		return errUnsaid("it was not told how long the server keeps them (--keeps)")
	}
	op, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	for end := time.Now().Add(after); ; {
		_, err := t.get(ctx, op.GetName())
		switch {
		case isNotFound(err) && gone:
			return nil
		case err != nil:
			return err
		case time.Now().After(end) && gone:
			return fmt.Errorf("it is still there after %s", after)
		case time.Now().After(end):
			return nil
		}
		select {
		case <-time.After(max(look, after/50)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
