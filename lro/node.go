package lro

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// pollInterval is how often a node looks for tasks that nobody has told it of.
	pollInterval = 750 * time.Millisecond
	// joinPause is the longest pause between two tries to become a node again.
	joinPause = time.Second
	// leaveTime bounds how long a stop waits for the store.
	leaveTime = 10 * time.Second
)

// station is one membership of this node and the work under it.
type station struct {
	*Manager
	member driver.Membership
	ctx    context.Context // of all its work; ended by end
	end    context.CancelCauseFunc
	lost   chan struct{} // closed when the membership is

	work     sync.WaitGroup
	discards chan struct{} // one for each that is under way
}

// join makes this process a node of the store.
func (m *Manager) join(ctx context.Context) (*station, error) {
	s := &station{Manager: m, lost: make(chan struct{}), discards: make(chan struct{}, discardPlaces)}
	s.ctx, s.end = context.WithCancelCause(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { s.end(ErrStopping) })
	node := driver.Node{
		Name:      m.node,
		Version:   m.version,
		Abilities: func() []string { return nil }, // who works on nothing is able to do nothing
		Abandoned: m.abandoned,
		Work:      m.ring,
		Ended:     m.ended,
		Hidden:    m.watch.notify,
		Resync:    func() { m.ring(); m.resync() },
		Lost: func(cause error) {
			s.end(fmt.Errorf("%w: %w", ErrLost, cause))
			close(s.lost)
		},
	}
	if !m.idle {
		node.Slots = m.slots
		node.Abilities = func() []string { return slices.Concat(m.kindNeeds, m.able()) }
	}
	var err error
	if s.member, err = m.store.Join(s.ctx, node); err != nil {
		s.end(err)
		return nil, err
	}
	return s, nil
}

// serve works until ctx ends, and becomes a node again whenever it might have been
// taken for dead. What was under way then writes nothing more, and is waited for
// only at the end.
func (m *Manager) serve(ctx context.Context, s *station) {
	var earlier sync.WaitGroup
	for s != nil {
		if !s.dispatch(ctx) {
			break
		}
		m.log.Warn("this node may have been taken for dead: its work was ended, and it joins again", "node", s.member.ID(), "cause", context.Cause(s.ctx))
		lost := s
		earlier.Go(func() { lost.close() })
		s = m.joinAgain(ctx)
	}
	if s != nil {
		s.close()
	}
	earlier.Wait()
}

// close waits for the work of s, whose context has ended, and leaves.
func (s *station) close() {
	s.work.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), leaveTime)
	defer cancel()
	if err := s.member.Leave(ctx); err != nil {
		s.log.Warn("leaving the store's nodes", "error", err)
	}
}

// joinAgain tries until it is a node again; nil if ctx ends first.
func (m *Manager) joinAgain(ctx context.Context) *station {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, joinPause) {
		s, err := m.join(ctx)
		if err == nil {
			m.resync()
			return s
		}
		m.log.Warn("the operation store does not take this node; trying again", "error", err, "pause", pause)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
	}
}

// ring has the node look for tasks.
func (m *Manager) ring() {
	select {
	case m.bell <- struct{}{}:
	default: // it is about to look anyway
	}
}

// resync has the states of operations that matter here be read.
func (m *Manager) resync() {
	select {
	case m.again <- struct{}{}:
	default:
	}
}

// hostName names the node for people.
func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// needs are what a node must be able to do for an operation: its kind, and what
// the caller of Start knows.
func needs(kind string, more []string) []string {
	all := slices.Clone(more)
	slices.Sort(all)
	return append([]string{kindNeed(kind)}, slices.Compact(all)...)
}

// kindNeed is the ability to do operations of a kind.
func kindNeed(kind string) string { return "kind:" + kind }

// lostLease reports whether what ended a context is that another node may have
// the task.
func lostLease(ctx context.Context) bool { return errors.Is(context.Cause(ctx), ErrLost) }
