package lro

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/lectern/lectern/lro/driver"
)

// turns decide which task is worked on next: of those that the store offers, and
// of those under way that come back to their work (Away). There is a number of
// places, and one more for small operations only, so that they need not wait
// until a part of a large one ends. A place goes to the task
//
//   - whose operation holds the fewest places, on all nodes,
//   - then whose owner and parent hold the fewest,
//   - then whose operation has the fewest shards,
//   - then that has waited longest;
//
// but each [eldest]th goes to the one that has waited longest of all, so that
// nobody waits for ever behind small ones. A task that is to be alone waits
// until nobody works here, and meanwhile nobody begins.
type turns struct {
	mu      sync.Mutex
	places  int // free ones
	extra   bool
	working int
	alone   bool
	given   int // turns, ever
	byOp    map[string]int
	byParty map[string]int
	waiting []*waiter // who come back, the longest first

	// What other nodes held when they were asked last.
	othersByOp, othersByParty map[string]int
}

// eldest is how often the longest wait decides.
const eldest = 4

type waiter struct {
	offer driver.Offer
	turn  chan struct{} // closed when it is this one's
	extra bool          // the place that it has is the one for small operations
}

func newTurns(places int) *turns {
	return &turns{places: places, extra: true, byOp: make(map[string]int), byParty: make(map[string]int)}
}

func (w *waiter) small() bool { return 0 < w.offer.Shards && w.offer.Shards <= driver.Small }

// size orders operations; one of unknown size counts as large.
func (w *waiter) size() int {
	if w.offer.Shards == 0 {
		return math.MaxInt
	}
	return w.offer.Shards
}

// wants is how many tasks it is worth asking for: ahead for each place, if there
// is a free one.
func (t *turns) wants(ahead int) (large, small int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.alone || t.places == 0 && !t.extra:
		return 0, 0
	case t.places == 0:
		return 0, ahead
	}
	return ahead, ahead
}

// pick gives a place to one of the tasks that are offered, if it is the turn of
// any, and returns which. The caller calls leave when it has worked on it, or
// cannot have it.
func (t *turns) pick(offered []driver.Offer, busy []driver.Busy) (at int, leave func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.othersByOp, t.othersByParty = make(map[string]int), make(map[string]int)
	for _, b := range busy {
		t.othersByOp[b.Op] += b.Tasks
		t.othersByParty[b.Party] += b.Tasks
	}
	t.give()
	all := slices.Clone(t.waiting)
	for _, o := range offered {
		all = append(all, &waiter{offer: o, turn: make(chan struct{})})
	}
	w := t.next(all)
	at = slices.Index(all, w) - len(t.waiting)
	if w == nil || at < 0 {
		return 0, nil, false
	}
	t.seat(w)
	return at, func() { t.leave(w) }, true
}

// take waits for the turn of a task that comes back. It returns false if ctx
// ended first; else the caller calls leave when it has worked.
func (t *turns) take(ctx context.Context, o driver.Offer) (leave func(), ok bool) {
	w := &waiter{offer: o, turn: make(chan struct{})}
	t.mu.Lock()
	t.waiting = append(t.waiting, w)
	t.give()
	t.mu.Unlock()
	select {
	case <-w.turn:
		return func() { t.leave(w) }, true
	case <-ctx.Done():
	}
	t.mu.Lock()
	at := slices.Index(t.waiting, w)
	if at >= 0 {
		t.waiting = slices.Delete(t.waiting, at, at+1)
		t.give() // it may have been the one that waited to be alone
	}
	t.mu.Unlock()
	if at < 0 { // its turn came at the same moment
		t.leave(w)
	}
	return nil, false
}

// give hands out the places that are free to those who come back.
func (t *turns) give() {
	for {
		w := t.next(t.waiting)
		if w == nil {
			return
		}
		t.waiting = slices.Delete(t.waiting, slices.Index(t.waiting, w), slices.Index(t.waiting, w)+1)
		t.seat(w)
	}
}

// seat gives w its place.
func (t *turns) seat(w *waiter) {
	t.given++
	t.working++
	t.byOp[w.offer.Op]++
	t.byParty[w.offer.Party]++
	t.alone = w.offer.Alone
	if t.places > 0 {
		t.places--
	} else {
		t.extra, w.extra = false, true
	}
	close(w.turn)
}

// next is whose turn it is of all, the longest wait first; or nil.
func (t *turns) next(all []*waiter) *waiter {
	if t.alone {
		return nil
	}
	if at := slices.IndexFunc(all, func(w *waiter) bool { return w.offer.Alone }); at >= 0 {
		if t.working > 0 {
			return nil
		}
		return all[at]
	}
	var best *waiter
	for _, w := range all {
		switch {
		case t.places == 0 && (!t.extra || !w.small()):
		case best == nil:
			best = w
		case (t.given+1)%eldest != 0 && t.before(w, best):
			best = w
		}
	}
	return best
}

// before reports whether a, who has not waited longer, comes before b.
func (t *turns) before(a, b *waiter) bool {
	if x, y := t.byOp[a.offer.Op]+t.othersByOp[a.offer.Op], t.byOp[b.offer.Op]+t.othersByOp[b.offer.Op]; x != y {
		return x < y
	}
	if x, y := t.byParty[a.offer.Party]+t.othersByParty[a.offer.Party], t.byParty[b.offer.Party]+t.othersByParty[b.offer.Party]; x != y {
		return x < y
	}
	return a.size() < b.size()
}

// leave gives a place back.
func (t *turns) leave(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.working--
	count(t.byOp, w.offer.Op)
	count(t.byParty, w.offer.Party)
	if w.extra {
		t.extra = true
	} else {
		t.places++
	}
	if w.offer.Alone {
		t.alone = false
	}
	t.give()
}

// count takes one away.
func count(of map[string]int, key string) {
	if of[key]--; of[key] == 0 {
		delete(of, key)
	}
}
