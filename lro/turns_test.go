package lro

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/lro/driver"
)

// queue is turns whose takers the test starts one by one.
type queue struct{ *turns }

// add lets an offer wait and returns it.
func (q *queue) add(j driver.Offer) *waiter {
	w := &waiter{offer: j, turn: make(chan struct{})}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, w)
	q.give()
	return w
}

func has(w *waiter) bool {
	select {
	case <-w.turn:
		return true
	default:
		return false
	}
}

func of(op, party string, shards int) driver.Offer {
	return driver.Offer{Token: driver.Token{Op: op}, Party: party, Shards: shards}
}

func TestTurnsAreShared(t *testing.T) {
	q := &queue{turns: newTurns(2)}
	a1, a2 := q.add(of("a", "x", 100)), q.add(of("a", "x", 100))
	a3 := q.add(of("a", "x", 100))
	b := q.add(of("b", "x", 100))
	c := q.add(of("c", "y", 100))
	d := q.add(of("d", "y", 5))
	if !has(a1) || !has(a2) || has(a3) {
		t.Fatal("the first two have no turn")
	}
	small := q.add(of("s", "x", 1))
	another := q.add(of("s2", "x", 1))
	if !has(small) || has(another) {
		t.Error("the place for small operations has not gone to the first of them")
	}
	q.given = 0 // the longest wait does not decide here
	q.leave(a1) // x holds two still, y none; d is smaller than c
	if !has(d) || has(c) || has(b) || has(a3) {
		t.Error("the turn has not gone to the smallest of the party that has none")
	}
	q.leave(small)
	if !has(another) {
		t.Error("the place for small operations stays empty")
	}
}

func TestNobodyWaitsForEver(t *testing.T) {
	q := &queue{turns: newTurns(1)}
	now := q.add(of("a", "x", 3))
	large := q.add(of("large", "x", 1000))
	for range 2 * eldest {
		next := q.add(of("b", "x", 3))
		q.leave(now)
		if has(large) {
			return
		}
		now = next
	}
	t.Error("a large operation has no turn beside ever new small ones")
}

func TestAloneIsAlone(t *testing.T) {
	q := &queue{turns: newTurns(2)}
	a := q.add(of("a", "x", 9))
	suspect := of("s", "x", 9)
	suspect.Alone = true
	s := q.add(suspect)
	b := q.add(of("b", "x", 1))
	if has(s) || has(b) {
		t.Fatal("somebody works beside another one, or before who waits to be alone")
	}
	q.leave(a)
	if !has(s) || has(b) {
		t.Fatal("the one that is to be alone is not, or not at all")
	}
	q.leave(s)
	if !has(b) {
		t.Error("nobody works after it")
	}
}

// TestTurnsAreKept takes and leaves at random, and counts.
func TestTurnsAreKept(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		places := rapid.IntRange(1, 4).Draw(r, "places")
		q := &queue{turns: newTurns(places)}
		var waiting, working []*waiter
		settle := func() {
			var rest []*waiter
			for _, w := range waiting {
				if has(w) {
					working = append(working, w)
				} else {
					rest = append(rest, w)
				}
			}
			waiting = rest
			small, alone := 0, 0
			for _, w := range working {
				if w.small() {
					small++
				}
				if w.offer.Alone {
					alone++
				}
			}
			switch {
			case len(working) > places+min(1, small):
				r.Fatalf("%d work at %d places, %d of them small", len(working), places, small)
			case alone > 0 && len(working) > 1:
				r.Fatalf("%d work beside one that is to be alone", len(working)-1)
			case len(working) == 0 && len(waiting) > 0:
				r.Fatalf("nobody works and %d wait", len(waiting))
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"take": func(r *rapid.T) {
				j := of(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "op"), rapid.SampledFrom([]string{"x", "y"}).Draw(r, "party"), rapid.IntRange(0, 3).Draw(r, "shards"))
				j.Alone = rapid.IntRange(0, 9).Draw(r, "alone") == 0
				waiting = append(waiting, q.add(j))
				settle()
			},
			"leave": func(r *rapid.T) {
				if len(working) == 0 {
					r.Skip("nobody works")
				}
				at := rapid.IntRange(0, len(working)-1).Draw(r, "who")
				w := working[at]
				working = append(working[:at:at], working[at+1:]...)
				q.leave(w)
				settle()
			},
		})
		for len(working) > 0 {
			w := working[0]
			working = working[1:]
			q.leave(w)
			settle()
		}
		if len(q.byOp) > 0 || len(q.byParty) > 0 || q.places != places || !q.extra || q.working != 0 {
			r.Fatalf("in the end %+v", q.turns)
		}
	})
}

func TestTakeEndsWithItsContext(t *testing.T) {
	q := newTurns(1)
	leave, ok := q.take(t.Context(), of("a", "x", 2))
	if !ok {
		t.Fatal("a free place was not given")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := q.take(gone, of("b", "x", 2)); ok {
		t.Error("a place was given twice")
	}
	leave()
	if leave, ok := q.take(t.Context(), of("c", "x", 2)); !ok {
		t.Error("the place was lost")
	} else {
		leave()
	}
}
