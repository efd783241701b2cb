package lro

import (
	"context"
	"slices"
	"sync"
	"time"
)

// forgetInterval is how often it is looked for operations that have ended without
// this node having heard of it.
const forgetInterval = 30 * time.Second

// remembered are the operations of which kinds keep something in the memory of this
// node.
type remembered struct {
	mu sync.Mutex
	by map[string]Forgetter
}

// add notes that kind may keep something of op from now on.
func (r *remembered) add(op string, kind Kind) {
	f, ok := kind.(Forgetter)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = make(map[string]Forgetter)
	}
	r.by[op] = f
}

// forget has an operation be forgotten that has ended, unless it is still worked on.
func (m *Manager) forget(op string) {
	if m.running.busy(op) {
		return // who works on it says so at the end of that
	}
	m.remembered.mu.Lock()
	f, ok := m.remembered.by[op]
	delete(m.remembered.by, op)
	m.remembered.mu.Unlock()
	if ok {
		f.Forget(Work{ID: op})
	}
}

func (r *remembered) list() (ops []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for op := range r.by {
		ops = append(ops, op)
	}
	return ops
}

// forgetEnded has operations be forgotten that have ended.
func (m *Manager) forgetEnded(ctx context.Context) {
	for ids := range slices.Chunk(m.remembered.list(), 1000) {
		for _, id := range m.over(ctx, ids) {
			m.forget(id)
		}
	}
}
