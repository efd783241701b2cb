package lro

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// registry knows which operations are being worked on in this process. A run
// enters before it claims its task, so a cancel either finds it here or has
// already changed the state that the claim is about to read.
type registry struct {
	mu  sync.Mutex
	ops map[string]runs
}

// runs are those of one operation.
type runs map[*context.CancelCauseFunc]struct{}

// enter adds a run and returns the function that removes it again.
func (r *registry) enter(op string, cancel context.CancelCauseFunc) (leave func()) {
	key := &cancel
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ops == nil {
		r.ops = make(map[string]runs)
	}
	w := r.ops[op]
	if w == nil {
		w = make(runs)
		r.ops[op] = w
	}
	w[key] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(w, key)
		if len(w) == 0 {
			delete(r.ops, op)
		}
	}
}

// cancel ends the contexts of all runs of op.
func (r *registry) cancel(op string, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.ops[op] {
		(*c)(cause)
	}
}

// busy reports whether a run of op is under way.
func (r *registry) busy(op string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ops[op] != nil
}

// list returns the operations with a run under way.
func (r *registry) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.ops))
}
