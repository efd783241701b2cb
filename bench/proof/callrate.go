package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// warmUp is how long callers call before anything is counted.
const warmUp = 500 * time.Millisecond

var errEnough = errors.New("enough was counted")

// callsPerSecond lets callers, which share the given number of clients, call
// as fast as they are answered, and counts the answers of span after a warm-up.
// Any error ends it.
func callsPerSecond(ctx context.Context, address string, clients, callers int, span time.Duration, call func(context.Context, *client, int) error) (float64, error) {
	shared := make([]*client, clients)
	for i := range shared {
		c, err := dial(address)
		if err != nil {
			return 0, err
		}
		defer c.close()
		shared[i] = c
	}
	return perSecond(ctx, callers, span, func(ctx context.Context, caller, n int) error {
		return call(ctx, shared[caller%clients], n)
	})
}

// perSecond is how often callers together do something, each in its own loop.
// The n of do is another one each time; the end of its ctx says that enough was
// counted.
func perSecond(ctx context.Context, callers int, span time.Duration, do func(ctx context.Context, caller, n int) error) (float64, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var counted atomic.Int64
	var counting atomic.Bool
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := caller; ctx.Err() == nil; n += callers {
				if err := do(ctx, caller, n); err != nil {
					if ctx.Err() == nil {
						stop(err)
					}
					return
				}
				if counting.Load() {
					counted.Add(1)
				}
			}
		})
	}
	pause(ctx, warmUp)
	begun := time.Now()
	counting.Store(true)
	pause(ctx, span)
	counting.Store(false)
	took := time.Since(begun).Seconds()
	broken := ctx.Err() != nil
	stop(errEnough)
	all.Wait()
	if broken {
		return 0, context.Cause(ctx)
	}
	return float64(counted.Load()) / took, nil
}
