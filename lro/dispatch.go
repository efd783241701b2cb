package lro

import (
	"context"
	"errors"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// ahead is how many tasks for each slot are looked at when a place is free: of
	// how many operations there is a choice.
	ahead = 8
	// discardPlaces is how many operations are discarded at once, beside the work.
	discardPlaces = 4
)

// dispatch takes tasks whenever there is a place for one, until ctx ends or the
// membership is lost.
func (s *station) dispatch(ctx context.Context) (lost bool) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if !s.idle {
			s.fill()
		}
		select {
		case <-s.bell:
		case <-tick.C:
		case <-s.lost:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// fill gives the free places to what is ready.
func (s *station) fill() {
	for more := true; more && s.ctx.Err() == nil; {
		want := driver.Want{Discards: 2 * (discardPlaces - len(s.discards))}
		want.Large, want.Small = s.turns.wants(ahead * s.slots)
		if want == (driver.Want{}) {
			return
		}
		offers, err := s.member.Offers(s.ctx, want)
		if err != nil {
			s.complain(s.ctx, "looking for tasks", err)
			return
		}
		began := s.fillTasks(offers)
		// Whoever had all that was looked at may find more behind it.
		more = began > 0 && len(offers.Tasks) >= max(want.Large, want.Small)
		s.fillDiscards(offers.Discards)
	}
}

// fillTasks begins tasks while it is the turn of any.
func (s *station) fillTasks(offers driver.Offers) (began int) {
	left := offers.Tasks
	for s.ctx.Err() == nil {
		at, leave, ok := s.turns.pick(left, offers.Busy)
		if !ok {
			break
		}
		o := left[at]
		left = append(left[:at:at], left[at+1:]...)
		if s.begin(o, leave) {
			began++
		} else {
			leave()
		}
	}
	return began
}

// fillDiscards begins the discards of operations of which nothing runs here any
// more: a task of an earlier membership may still.
func (s *station) fillDiscards(offers []driver.Offer) {
	for _, o := range offers {
		if s.running.busy(o.Op) {
			continue
		}
		select {
		case s.discards <- struct{}{}:
		default:
			return
		}
		leave := func() { <-s.discards }
		if !s.begin(o, leave) {
			leave()
		}
	}
}

// ringing has the node look for tasks when a place is given back.
func (s *station) ringing(leave func()) func() {
	return func() {
		leave()
		s.ring()
	}
}

// begin claims a task and works on it in the background, and then calls leave. The
// order of its steps makes a cancel certain: enter the registry, claim, work,
// commit.
func (s *station) begin(o driver.Offer, leave func()) (claimed bool) {
	run, cancel := context.WithCancelCause(s.ctx)
	over := func() { cancel(nil) }
	if o.Role != driver.Discard {
		out := s.running.enter(o.Op, cancel)
		over = func() { out(); cancel(nil) }
	}
	a := &attempt{station: s, trace: s.log.With("operation", o.Op, "task", o.Index)}
	// A claim is repeated until it is known, also after a cancel: what was claimed
	// unknown to everybody would stay so.
	won := false
	err := s.persist(s.ctx, "claiming a task", func(ctx context.Context) (err error) {
		a.task, won, err = s.member.Claim(ctx, o)
		return err
	})
	if err != nil || !won {
		over()
		return false
	}
	a.trace = a.trace.With("epoch", a.task.Epoch)
	a.kind = s.kinds[a.task.Kind]
	if o.Role != driver.Discard {
		s.remembered.add(o.Op, a.kind)
	}
	a.seat.take = func(ctx context.Context) (func(), bool) {
		leave, ok := s.turns.take(ctx, a.task.Offer)
		return s.ringing(leave), ok
	}
	a.seat.free = s.ringing(leave)
	s.work.Go(func() {
		defer a.seat.end()
		a.do(run)
		over()
		if errors.Is(context.Cause(run), ErrCancelled) {
			s.forget(o.Op)
		}
	})
	return true
}
