package lro

import (
	"context"
	"sync"
	"time"
)

const (
	// lookInterval is how often the states of the operations being worked on
	// or waited for are read again, for an end whose signal was lost.
	lookInterval = 750 * time.Millisecond
	// repairInterval is how often the store is searched for tasks without a job.
	repairInterval = 30 * time.Second
	// expireInterval is how often expired operations are removed.
	expireInterval = time.Minute
	// expireBatch bounds how long removing holds the store's writer.
	expireBatch = 1000
)

// upkeep does what has to be done from time to time, until ctx ends. Nothing of
// it waits for anything else of it.
func (m *Manager) upkeep(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { every(ctx, lookInterval, m.look) })
	all.Go(func() { every(ctx, repairInterval, m.repair) })
	all.Go(func() { every(ctx, expireInterval, m.expire) })
	all.Wait()
}

// every does something now and after each interval.
func every(ctx context.Context, interval time.Duration, do func(context.Context)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for ctx.Err() == nil {
		do(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// look ends the work on operations that have ended elsewhere.
func (m *Manager) look(ctx context.Context) {
	ids := append(m.running.list(), m.watch.list()...)
	if len(ids) == 0 {
		return
	}
	states, err := m.store.States(ctx, ids)
	if err != nil {
		m.complain(ctx, "reading the states of operations", err)
		return
	}
	for _, id := range ids {
		if s, known := states[id]; !known || State(s).Done() {
			m.ended(id)
		}
	}
}

func (m *Manager) repair(ctx context.Context) {
	n, err := m.store.Repair(ctx)
	if err != nil {
		m.complain(ctx, "searching for lost tasks", err)
	} else if n > 0 {
		m.log.Warn("lost tasks were dispatched again", "tasks", n)
	}
}

func (m *Manager) expire(ctx context.Context) {
	now := m.now()
	for ctx.Err() == nil {
		n, err := m.store.Expire(ctx, now, now.Add(-m.retention), expireBatch)
		if err != nil {
			m.complain(ctx, "removing expired operations", err)
			return
		}
		if n > 0 {
			m.log.Info("expired operations were removed", "operations", n)
		}
		if n < expireBatch {
			return
		}
	}
}

// complain logs an error, unless it comes of stopping.
func (m *Manager) complain(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		m.log.Error(doing, "error", err)
	}
}
