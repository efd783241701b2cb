// Package lrotest is the suite that proves an operation store together with
// the manager on top of it. It runs toy operations only; see [Toy].
//
// A store's own tests are little more than a call of [Run].
package lrotest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// slots is how many shards the suite's servers work on at once.
const slots = 2

// Harness is what the suite has to know of a store.
type Harness struct {
	// Place makes an empty database.
	Place func(t testing.TB) Place
	// Hasty makes a place whose writes need not survive a power cut, for the
	// tests that make tens of thousands of them; nil means Place.
	Hasty func(t testing.TB) Place
	// Exclusive says that a place can be opened only once at a time.
	Exclusive bool
}

// Place is where operations are kept.
type Place struct {
	// Open opens a store there, whose clock is the one given. The suite calls it
	// again after it closed the store before, as a server that starts again would.
	Open func(clock func() time.Time) (driver.Store, error)
	// Bury lets the others know at once that all nodes are gone which have not
	// left, rather than when their leases are over; nil if they know anyway.
	Bury func(t testing.TB)
}

// bury is Bury, if there is one.
func (p Place) bury(t testing.TB) {
	t.Helper()
	if p.Bury != nil {
		p.Bury(t)
	}
}

// Run runs the whole suite, each test at a place of its own.
func Run(t *testing.T, h Harness) {
	if h.Hasty == nil {
		h.Hasty = h.Place
	}
	for _, one := range []struct {
		name string
		test func(*testing.T, Harness)
	}{
		{"Start", testStart},
		{"StartRefuses", testStartRefuses},
		{"StartIsAtomic", testStartIsAtomic},
		{"Idempotency", testIdempotency},
		{"Get", testGet},
		{"Names", testNames},
		{"Owners", testOwners},
		{"Sight", testSight},
		{"SightTellsNothing", testSightTellsNothing},
		{"ListLooksAtOwn", testListLooksAtOwn},
		{"Parents", testParents},
		{"CancelBySomebodyElse", testCancelBySomebodyElse},
		{"ListPages", testListPages},
		{"ListFilters", testListFilters},
		{"ListTokens", testListTokens},
		{"ListRefuses", testListRefuses},
		{"DeleteRunning", testDeleteRunning},
		{"DeleteDone", testDeleteDone},
		{"Wait", testWait},
		{"WaitDeadline", testWaitDeadline},
		{"WaitDeleted", testWaitDeleted},
		{"WaitStop", testWaitStop},
		{"Load", testLoad},
		{"Notify", testNotify},
		{"NotifyAfterStop", testNotifyAfterStop},
		{"CancelQueued", testCancelQueued},
		{"CancelRunning", testCancelRunning},
		{"Away", testAway},
		{"CancelDone", testCancelDone},
		{"CancelBeforeNoReturn", testCancelBeforeNoReturn},
		{"CancelAfterNoReturn", testCancelAfterNoReturn},
		{"DiscardWaitsForRun", testDiscardWaitsForRun},
		{"Progress", testProgress},
		{"ProgressWithin", testProgressWithin},
		{"Advance", testAdvance},
		{"ManyShards", testManyShards},
		{"Retried", testRetried},
		{"FailsAfterThree", testFailsAfterThree},
		{"Permanent", testPermanent},
		{"Panic", testPanic},
		{"FinishFails", testFinishFails},
		{"CommitFails", testCommitFails},
		{"CommitAlwaysFails", testCommitAlwaysFails},
		{"DiscardFails", testDiscardFails},
		{"Redo", testRedo},
		{"Later", testLater},
		{"Patience", testPatience},
		{"Most", testMost},
		{"Groups", testGroups},
		{"Sums", testSums},
		{"Deeds", testDeeds},
		{"KeptNames", testKeptNames},
		{"KeptNamesModel", testKeptNamesModel},
		{"HeldForAMinute", testHeldForAMinute},
		{"KeptNamesRaces", testKeptNamesRaces},
		{"SmallOnesPass", testSmallOnesPass},
		{"CancelIsRemembered", testCancelIsRemembered},
		{"AmbiguousStore", testAmbiguousStore},
		{"AmbiguousFinalize", testAmbiguousFinalize},
		{"RefusingStore", testRefusingStore},
		{"UnreadableRow", testUnreadableRow},
		{"StopHandsBack", testStopHandsBack},
		{"StopsAgainAndAgain", testStopsAgainAndAgain},
		{"CrashedInFinalizing", testCrashedInFinalizing},
		{"CrashedTooOften", testCrashedTooOften},
		{"CrashedTogether", testCrashedTogether},
		{"Sweep", testSweep},
		{"KindIsGone", testKindIsGone},
		{"KindIsGoneInFinalizing", testKindIsGoneInFinalizing},
		{"OutcomeIsNotKnown", testOutcomeIsNotKnown},
		{"Retention", testRetention},
		{"Fencing", testFencing},
		{"FencingAfterRedo", testFencingAfterRedo},
		{"StopDuringCommit", testStopDuringCommit},
		{"Leave", testLeave},
		{"SecondIsRefused", testSecondIsRefused},
		{"NoLeaks", testNoLeaks},
		{"Races", testRaces},
		{"Labels", testLabels},
		{"NegativeControl", testNegativeControl},
		{"Model", testModel},
	} {
		t.Run(one.name, func(t *testing.T) { one.test(t, h) })
	}
}

// parentName is the collection of the suite's operations.
const parentName = "projects/p/locations/l"

// server is a manager that runs on a store, with a toy kind and a clock.
type server struct {
	*lro.Manager
	t     testing.TB
	store driver.Store
	toy   *Toy
	clock *clock
	end   func() // of the run
	stop  func() // of the run, and the store's close
}

type ownerKey struct{}

// as is a context whose caller is owner.
func as(owner string) context.Context {
	return context.WithValue(context.Background(), ownerKey{}, owner)
}

// fresh runs a server on an empty store.
func fresh(t testing.TB, h Harness) *server {
	t.Helper()
	return begin(t, h.Place(t), NewToy(), newClock())
}

// begin opens a store and runs a server on it until the test ends or it is
// stopped.
func begin(t testing.TB, place Place, toy *Toy, clock *clock) *server {
	t.Helper()
	s := opened(t, place, toy, clock)
	s.run()
	return s
}

// opened is a server that does not run.
func opened(t testing.TB, place Place, toy *Toy, clock *clock) *server {
	t.Helper()
	return openedWith(t, place, toy, clock, func(*lro.Config) {})
}

// open is another manager on a store of s.
func open(t testing.TB, store driver.Store, s *server) *lro.Manager {
	t.Helper()
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{s.toy}, Slots: slots, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// openedWith is a server that does not run, of another configuration.
func openedWith(t testing.TB, place Place, toy *Toy, clock *clock, change func(*lro.Config)) *server {
	t.Helper()
	var kinds []lro.Kind
	store, err := place.Open(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if toy != nil {
		kinds = append(kinds, toy)
	}
	config := lro.Config{
		Store: store,
		Kinds: kinds,
		Slots: slots,
		Owner: func(ctx context.Context) string { owner, _ := ctx.Value(ownerKey{}).(string); return owner },
		Sees: func(ctx context.Context) lro.Sight {
			if under, limited := ctx.Value(sightKey{}).([]string); limited {
				return lro.Sight{Under: under}
			}
			return lro.Sight{All: true}
		},
		Log: slog.New(slog.DiscardHandler),
	}
	change(&config)
	manager, err := lro.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Manager: manager, t: t, store: store, toy: toy, clock: clock}
	closeOnce := sync.OnceFunc(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.stop = closeOnce
	t.Cleanup(closeOnce)
	return s
}

// run runs the manager until stop.
func (s *server) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	s.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	})
	end, closeStore := s.end, s.stop
	s.stop = sync.OnceFunc(func() {
		end()
		closeStore()
	})
	s.t.Cleanup(s.stop)
}

// start starts a toy operation whose shards do what payloads say.
func (s *server) start(payloads ...string) string {
	s.t.Helper()
	return s.startWith(lro.NewOperation{}, payloads...)
}

// startWith starts a toy operation that has more than payloads to it.
func (s *server) startWith(o lro.NewOperation, payloads ...string) string {
	s.t.Helper()
	op, err := s.Start(context.Background(), toyOperation(o, payloads...))
	if err != nil {
		s.t.Fatal(err)
	}
	return op.GetName()
}

func toyOperation(o lro.NewOperation, payloads ...string) lro.NewOperation {
	o.Kind = ToyKind
	if o.Parent == "" {
		o.Parent = parentName
	}
	for _, p := range payloads {
		o.Tasks = append(o.Tasks, lro.Task{Payload: []byte(p), Weight: 1})
	}
	return o
}

func (s *server) get(name string) *longrunningpb.Operation {
	s.t.Helper()
	op, err := s.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	return op
}

func (s *server) cancel(name string) {
	s.t.Helper()
	if _, err := s.CancelOperation(context.Background(), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) delete(name string) {
	s.t.Helper()
	if _, err := s.DeleteOperation(context.Background(), &longrunningpb.DeleteOperationRequest{Name: name}); err != nil {
		s.t.Fatal(err)
	}
}

// wait waits for the operation's end.
func (s *server) wait(name string) *longrunningpb.Operation {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	op, err := s.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	if !op.GetDone() {
		s.t.Fatalf("%s is not done after %s: %v", name, patience, op)
	}
	return op
}

// patience is how long the suite waits for what must happen.
const patience = 30 * time.Second

// clock is a clock that stands still until it is moved. Each reading is a
// microsecond later than the one before, so that nothing happens at once.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// newClock returns a clock at noon of some day.
func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

// Now reads the clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

// advance moves the clock.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
