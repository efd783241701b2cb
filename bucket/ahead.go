package bucket

import (
	"sync"

	"github.com/lectern/lectern/bucket/driver"
)

// places counts the uploads that were begun before their heads are known, by
// store.
type places struct {
	mu    sync.Mutex
	taken map[driver.Store]int
}

// enter takes a place in a store, if it has one left.
func (p *places) enter(d driver.Store, _ driver.Place) (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[d] >= d.Ahead() {
		return nil, false
	}
	if p.taken == nil {
		p.taken = map[driver.Store]int{}
	}
	p.taken[d]++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.taken[d]--
	}, true
}
