package lro

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

// releaseInterval is how often it is looked for operations that have ended without
// this node having heard of it.
const releaseInterval = 30 * time.Second

// reserved is what the kinds have set apart on this node, by operation: it is given
// free when the operation has ended, on whatever node.
type reserved struct {
	mu sync.Mutex
	by map[string]reservation
}

type reservation struct {
	Reserver
	known bool // the store knows the operation, or has known it
}

func (r *reserved) add(op string, by Reserver, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = make(map[string]reservation)
	}
	r.by[op] = reservation{by, known}
}

// accept notes that the store knows op, which may have ended already.
func (r *reserved) accept(op string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one, ok := r.by[op]; ok {
		one.known = true
		r.by[op] = one
	}
}

// release gives free what is set apart for op.
func (r *reserved) release(op string) {
	r.mu.Lock()
	one, ok := r.by[op]
	delete(r.by, op)
	r.mu.Unlock()
	if ok {
		one.Release(Work{ID: op})
	}
}

// releaseUnless is release, but for what is still under way here.
func (r *reserved) releaseUnless(busy func(op string) bool, op string) {
	if !busy(op) {
		r.release(op)
	}
}

// list are the operations that the store knows.
func (r *reserved) list() (ops []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for op, one := range r.by {
		if one.known {
			ops = append(ops, op)
		}
	}
	return ops
}

// reserve asks the kind to set apart what the operation needs.
func (m *Manager) reserve(ctx context.Context, c driver.Creation) (release func(), err error) {
	r, ok := m.kinds[c.Kind].(Reserver)
	if !ok {
		return func() {}, nil
	}
	if err := r.Reserve(ctx, Work{ID: c.ID, Parent: c.Parent, Owner: c.Owner, Request: c.Request}); err != nil {
		return nil, err
	}
	m.reserved.add(c.ID, r, false)
	return func() { m.reserved.release(c.ID) }, nil
}

// releaseEnded gives free what was set apart for operations that have ended, unless
// something of them is still under way here.
func (m *Manager) releaseEnded(ctx context.Context) {
	for ids := range slices.Chunk(m.reserved.list(), 1000) {
		states, err := m.store.States(ctx, ids)
		if err != nil {
			m.complain(ctx, "reading the states of operations", err)
			return
		}
		for _, id := range ids {
			if s, known := states[id]; !known || State(s).Done() {
				m.reserved.releaseUnless(m.running.busy, id)
			}
		}
	}
}
