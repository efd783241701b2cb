package lro

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// lookInterval is how often the states of the operations being worked on
	// or waited for are read again, for an end whose signal was lost.
	lookInterval = 750 * time.Millisecond
	// keepInterval is how often the progress of what is worked on is kept.
	keepInterval = time.Second
	// expireInterval is how often expired operations are removed.
	expireInterval = time.Minute
	// expireBatch bounds how long removing holds the store's writer.
	expireBatch = 200
)

// upkeep does what has to be done from time to time, until ctx ends. Nothing of
// it waits for anything else of it.
func (m *Manager) upkeep(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { every(ctx, lookInterval, m.again, m.look) })
	all.Go(func() { every(ctx, keepInterval, nil, m.keepProgress) })
	all.Go(func() { every(ctx, expireInterval, nil, m.expire) })
	all.Go(func() { every(ctx, forgetInterval, nil, m.forgetEnded) })
	all.Go(func() { every(ctx, expireInterval, nil, m.nameAll) })
	all.Wait()
}

// every does something now, after each interval, and when it is asked to.
func every(ctx context.Context, interval time.Duration, asked <-chan struct{}, do func(context.Context)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for ctx.Err() == nil {
		do(ctx)
		select {
		case <-tick.C:
		case <-asked:
		case <-ctx.Done():
		}
	}
}

// look ends the work on operations that have ended elsewhere.
func (m *Manager) look(ctx context.Context) {
	for _, id := range m.over(ctx, append(m.running.list(), m.watch.list()...)) {
		m.ended(id)
	}
}

// over are those of ids whose operations have ended or are unknown, as far as the
// store can tell now.
func (m *Manager) over(ctx context.Context, ids []string) []string {
	if len(ids) == 0 {
		return nil
	}
	states, err := m.store.States(ctx, ids)
	if err != nil {
		m.complain(ctx, "reading the states of operations", err)
		return nil
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		s, known := states[id]
		return known && !State(s).Done()
	})
}

// expire removes what has expired, batch after batch, and leaves the store to others
// for as long as each batch took.
func (m *Manager) expire(ctx context.Context) {
	removed := 0
	defer func() {
		if removed > 0 {
			m.log.Info("expired operations were removed", "operations", removed)
		}
	}()
	for ctx.Err() == nil {
		begun := time.Now()
		n, err := m.store.Expire(ctx, m.retention, expireBatch)
		if err != nil {
			m.complain(ctx, "removing expired operations", err)
			return
		}
		if removed += n; n < expireBatch {
			return
		}
		select {
		case <-time.After(time.Since(begun)):
		case <-ctx.Done():
		}
	}
}

// complain logs an error, unless it comes of stopping.
func (m *Manager) complain(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		m.log.Error("looking after operations failed; it comes again", "doing", doing, "error", err)
	}
}
