package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"
)

var raceChecks = []check{
	{"race/cancels", "However many cancel at once, all who look see one and the same end.", fromLRO, raceCancels},
	{"race/end", "A cancel at the moment of the end leaves one outcome, which never changes.", fromLRO, raceEnd},
}

const (
	crowd  = 16 // callers at once
	rounds = 20
)

func raceCancels(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	ends := make([]string, crowd)
	group, ctx := errgroup.WithContext(ctx)
	for i := range crowd {
		group.Go(func() error { return t.cancel(ctx, op.GetName()) })
		group.Go(func() error {
			end, err := t.ended(ctx, op.GetName())
			ends[i] = outcomeOf(end)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, end := range ends {
		if end != ends[0] {
			return fmt.Errorf("one sees %s, another %s", ends[0], end)
		}
	}
	return nil
}

func raceEnd(ctx context.Context, t *target) error {
	// How long it takes is where the race is.
	begun := time.Now()
	if _, err := t.succeeded(ctx); err != nil {
		return err
	}
	took := time.Since(begun)
	for range rounds {
		op, err := t.short(ctx)
		if err != nil {
			return err
		}
		time.Sleep(time.Duration(rand.Int64N(int64(2 * took))))
		if err := t.cancel(ctx, op.GetName()); err != nil && isNotFound(err) {
			return err
		}
		end, err := t.ended(ctx, op.GetName())
		if err != nil {
			return err
		}
		for range 5 {
			again, err := t.get(ctx, op.GetName())
			if err != nil {
				return err
			}
			if outcomeOf(again) != outcomeOf(end) {
				return fmt.Errorf("it was %s and became %s", outcomeOf(end), outcomeOf(again))
			}
		}
	}
	return nil
}
