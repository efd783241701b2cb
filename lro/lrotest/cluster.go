package lrotest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// Shared is a place that several nodes use at once, with a server that each reaches
// by a link of its own.
type Shared struct {
	// Server is where the store's server listens, HOST:PORT.
	Server string
	// Open opens a store by way of address instead.
	Open func(address string) (driver.Store, error)
}

// RunCluster runs the tests of several nodes, each at a place of its own.
func RunCluster(t *testing.T, place func(t testing.TB) Shared) {
	for _, one := range []struct {
		name string
		test func(*testing.T, Shared)
	}{
		{"BusyNodeTakesNothing", testBusyNodeTakesNothing},
		{"CancelElsewhere", testCancelElsewhere},
		{"CancelUnheard", testCancelUnheard},
		{"WaitElsewhere", testWaitElsewhere},
		{"WaitDeletedElsewhere", testWaitDeletedElsewhere},
		{"WaitUnheard", testWaitUnheard},
		{"KindIsElsewhere", testKindIsElsewhere},
		{"AbilityIsElsewhere", testAbilityIsElsewhere},
		{"DiscardWaitsForZombie", testDiscardWaitsForZombie},
		{"StopHandsOver", testStopHandsOver},
		{"KeptNamesElsewhere", testKeptNamesElsewhere},
		{"KeptNamesRacesElsewhere", testKeptNamesRacesElsewhere},
		{"NodeIsCutOff", testNodeIsCutOff},
		{"CutOffBeforeItJoins", testCutOffBeforeItJoins},
		{"NodeIsPaused", testNodeIsPaused},
		{"PausedBeforeCommit", testPausedBeforeCommit},
		{"ConnectionsBreak", testConnectionsBreak},
		{"ThreeNodesShare", testThreeNodesShare},
		{"FairAcrossNodes", testFairAcrossNodes},
	} {
		t.Run(one.name, func(t *testing.T) { one.test(t, place(t)) })
	}
}

// peer is one node of several.
type peer struct {
	*server
	link *link
}

// joined runs a node with toy on place.
func joined(t *testing.T, place Shared, toy *Toy, change func(*lro.Config)) *peer {
	t.Helper()
	p := apart(t, place, toy, change)
	p.run()
	return p
}

// hearing is a node that sees nothing but what it is told, and can be told by now.
func hearing(t *testing.T, place Shared, toy *Toy, change func(*lro.Config)) *peer {
	t.Helper()
	hears := make(chan struct{})
	p := joined(t, place, toy, func(c *lro.Config) {
		change(c)
		c.Store = joining{blindStore{c.Store}, sync.OnceFunc(func() { close(hears) })}
	})
	<-hears
	return p
}

// joining tells when a node has joined.
type joining struct {
	driver.Store
	done func()
}

func (s joining) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	m, err := s.Store.Join(ctx, n)
	if err == nil {
		s.done()
	}
	return m, err
}

// apart is a node that does not run yet.
func apart(t *testing.T, place Shared, toy *Toy, change func(*lro.Config)) *peer {
	t.Helper()
	l := newLink(t, place.Server)
	own := Place{Open: func(func() time.Time) (driver.Store, error) { return place.Open(l.address()) }}
	return &peer{openedWith(t, own, toy, newClock(), change), l}
}

// asItIs changes nothing.
func asItIs(*lro.Config) {}

// idle is a node that only answers.
func idle(c *lro.Config) { c.Idle = true }

// blindStore cannot be looked into: see hearing.
type blindStore struct{ driver.Store }

func (blindStore) States(context.Context, []string) (map[string]driver.State, error) {
	return nil, errors.New("blind")
}

// deaf makes a node hear nothing: it has to look for itself.
func deaf(c *lro.Config) { c.Store = deafStore{c.Store} }

type deafStore struct{ driver.Store }

func (s deafStore) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	n.Work, n.Resync = func() {}, func() {}
	n.Ended, n.Hidden = func(string) {}, func(string) {}
	return s.Store.Join(ctx, n)
}

// looking is a node whose looks for tasks a test can wait for.
type looking struct {
	driver.Store
	looks chan struct{}
}

func (s looking) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	member, err := s.Store.Join(ctx, n)
	return lookingMember{member, s.looks}, err
}

type lookingMember struct {
	driver.Membership
	looks chan struct{}
}

func (m lookingMember) Offers(ctx context.Context, want driver.Want) (driver.Offers, error) {
	o, err := m.Membership.Offers(ctx, want)
	select {
	case m.looks <- struct{}{}:
	default:
	}
	return o, err
}

// expectCause waits until a step's context ends, and checks why.
func expectCause(t *testing.T, step *Step, want error) {
	t.Helper()
	select {
	case <-step.Ctx.Done():
		if cause := context.Cause(step.Ctx); !errors.Is(cause, want) {
			t.Errorf("the work was ended by %v, want %v", cause, want)
		}
	case <-time.After(patience):
		t.Fatal("the work was not ended")
	}
}
