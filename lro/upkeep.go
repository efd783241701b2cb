package lro

import (
	"context"
	"time"
)

const (
	// lookInterval is how often the states of the operations being worked on
	// are read again, for a cancel whose signal was lost.
	lookInterval = 750 * time.Millisecond
	// repairInterval is how often the store is searched for tasks without a job.
	repairInterval = 30 * time.Second
	// expireInterval is how often expired operations are removed.
	expireInterval = time.Minute
	// expireBatch bounds how long removing holds the store's writer.
	expireBatch = 1000
)

// upkeep does what has to be done from time to time, until ctx ends.
func (m *Manager) upkeep(ctx context.Context) {
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	repair := time.NewTicker(repairInterval)
	defer repair.Stop()
	expire := time.NewTicker(expireInterval)
	defer expire.Stop()
	m.repair(ctx)
	m.expire(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			m.look(ctx)
		case <-repair.C:
			m.repair(ctx)
		case <-expire.C:
			m.expire(ctx)
		}
	}
}

// look ends the work on operations that have ended elsewhere.
func (m *Manager) look(ctx context.Context) {
	ids := m.running.list()
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
