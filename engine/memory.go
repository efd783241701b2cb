package engine

import (
	"sync"
	"sync/atomic"
)

// memory bounds what the workers of sources that tell their size take together.
type memory struct {
	limit int64 // bytes; 0: none
	mu    sync.Mutex
	used  int64
	// uses counts workers that became idle, over all pools: a clock that tells
	// which was used least lately.
	uses atomic.Uint64
}

// admit counts a worker of p that is about to start. Where that is beyond the
// limit, idle workers of other pools are given up, the one used least lately
// first. It never refuses: workers that speak are as few as there are slots.
func (m *memory) admit(e *Engine, p *pool) {
	size := p.source.Memory
	if size == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used += size
	for m.limit > 0 && m.used > m.limit {
		w, from := leastLately(e.roster.Load().pools, p)
		if w == nil {
			return
		}
		m.used -= from.source.Memory
		e.running.Go(func() { _ = w.Close() }) // the caller holds a count of running
	}
}

// fits reports whether a worker of p can be added and nobody must go for it.
func (m *memory) fits(p *pool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.limit == 0 || m.used+p.source.Memory <= m.limit
}

// release counts a worker of p that has ended.
func (m *memory) release(p *pool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used -= p.source.Memory
}

// leastLately takes the idle worker that was used least lately out of its pool,
// among those that tell their size; nil when there is none. Not those of spare.
func leastLately(pools []*pool, spare *pool) (*worker, *pool) {
	var found *pool
	var oldest uint64
	for _, p := range pools {
		if p == spare || p.source.Memory == 0 {
			continue
		}
		if used, ok := p.idleSince(); ok && (found == nil || used < oldest) {
			found, oldest = p, used
		}
	}
	if found == nil {
		return nil, nil
	}
	return found.takeOldest(), found
}
