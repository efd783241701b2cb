package lro

import (
	"maps"
	"slices"
	"sync"
)

// watchers are the waiting calls of this process, by operation.
type watchers struct {
	mu  sync.Mutex
	ops map[string]*watch
}

// watch is shared by all who wait for one operation.
type watch struct {
	changed chan struct{} // closed at the next change
	waiting int
}

// begin returns a channel that is closed at op's next end or deletion, and the
// function that gives it up. A caller reads the state after begin, so that no
// change is missed.
func (w *watchers) begin(op string) (changed <-chan struct{}, end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ops == nil {
		w.ops = make(map[string]*watch)
	}
	one := w.ops[op]
	if one == nil {
		one = &watch{changed: make(chan struct{})}
		w.ops[op] = one
	}
	one.waiting++
	return one.changed, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		one.waiting--
		if one.waiting == 0 && w.ops[op] == one {
			delete(w.ops, op)
		}
	}
}

// list returns the operations that somebody waits for.
func (w *watchers) list() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.ops))
}

// notify wakes all who wait for op.
func (w *watchers) notify(op string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.ops[op]; one != nil {
		close(one.changed)
		delete(w.ops, op)
	}
}
