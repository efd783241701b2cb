package lro

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/lectern/lectern/lro/driver"
)

// course is how far one attempt at a task has come. It counts what earlier attempts
// have left of the task's weight, so that progress never goes back.
type course struct {
	token        driver.Token
	weight, last int64        // what there was to count, and what stays for the end
	left         atomic.Int64 // of the weight
	kept         int64        // what the store has, for keepProgress alone
}

// tell notes that a share of the task is done.
func (c *course) tell(share float64) {
	now := c.weight - int64(min(max(share, 0), 1)*float64(c.weight))
	now = max(now, min(c.last, c.weight))
	for {
		left := c.left.Load()
		if now >= left || c.left.CompareAndSwap(left, now) {
			return
		}
	}
}

// courses are those of the attempts under way in this process.
type courses struct {
	mu  sync.Mutex
	all map[*course]struct{}
}

// begin adds one, of which last stays to be counted by the task's end, and returns
// the function that removes it again.
func (cs *courses) begin(task driver.Task, last int64) (c *course, over func()) {
	c = &course{token: task.Token, weight: task.Weight, last: last, kept: task.Weight}
	c.left.Store(task.Weight)
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.all == nil {
		cs.all = make(map[*course]struct{})
	}
	cs.all[c] = struct{}{}
	return c, func() {
		cs.mu.Lock()
		defer cs.mu.Unlock()
		delete(cs.all, c)
	}
}

// moved are those that have come further than the store knows, and how far.
func (cs *courses) moved() (which []*course, how []driver.Advance) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.all {
		if left := c.left.Load(); left < c.kept {
			which = append(which, c)
			how = append(how, driver.Advance{Token: c.token, Left: left})
		}
	}
	return which, how
}

// keepProgress writes how far the work has come, all of it at once.
func (m *Manager) keepProgress(ctx context.Context) {
	which, how := m.courses.moved()
	if len(how) == 0 {
		return
	}
	if err := m.store.Advance(ctx, how); err != nil {
		m.complain(ctx, "keeping the progress of operations", err)
		return
	}
	for i, c := range which {
		c.kept = how[i].Left
	}
}
