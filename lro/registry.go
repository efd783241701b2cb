package lro

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// registry knows which operations are being worked on in this process. A run
// enters before it reads its operation's state, so a cancel either finds it
// here or has already changed the state that it is about to read.
type registry struct {
	mu  sync.Mutex
	ops map[string]*runs
}

// runs are those of one operation. idle is closed when the last one left.
type runs struct {
	cancels map[*context.CancelCauseFunc]struct{}
	idle    chan struct{}
}

// enter adds a run and returns the function that removes it again.
func (r *registry) enter(op string, cancel context.CancelCauseFunc) (leave func()) {
	key := &cancel
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ops == nil {
		r.ops = make(map[string]*runs)
	}
	w := r.ops[op]
	if w == nil {
		w = &runs{cancels: make(map[*context.CancelCauseFunc]struct{}), idle: make(chan struct{})}
		r.ops[op] = w
	}
	w.cancels[key] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(w.cancels, key)
		if len(w.cancels) == 0 {
			delete(r.ops, op)
			close(w.idle)
		}
	}
}

// cancel ends the contexts of all runs of op.
func (r *registry) cancel(op string, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.ops[op]; w != nil {
		for c := range w.cancels {
			(*c)(cause)
		}
	}
}

// idle returns a channel that is closed once no run of op is under way.
func (r *registry) idle(op string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.ops[op]; w != nil {
		return w.idle
	}
	c := make(chan struct{})
	close(c)
	return c
}

// list returns the operations with a run under way.
func (r *registry) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.ops))
}
