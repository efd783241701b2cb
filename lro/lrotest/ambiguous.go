package lrotest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// ambiguous is a store that does what it is asked and then reports an error, as
// one whose connection is lost while it commits.
type ambiguous struct {
	driver.Store
	// Method is the one that lies.
	Method string
	// Lied, when not nil, is called at each lie.
	Lied func()

	mu   sync.Mutex
	lies int // how many are left
}

// errAmbiguous is what a lie says.
var errAmbiguous = errors.New("the connection was lost")

// writing are the methods that change operations. The others only read, where an
// answer that is lost is simply asked for again; or begin and end dispatch,
// where the operator is told.
var writing = []string{"Create", "Hide", "End", "Finalize", "Reopen", "Redo", "Claim", "Complete", "Retry", "Release", "Discarded", "Expire", "Name"}

// lie returns err, or an error where there was none.
func (a *ambiguous) lie(method string, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil || method != a.Method || a.lies == 0 {
		return err
	}
	a.lies--
	if a.Lied != nil {
		a.Lied()
	}
	return errAmbiguous
}

// answer is what a method of a, which may lie, returns of x.
func answerOf[T any](a *ambiguous, method string, x T, err error) (T, error) {
	if err := a.lie(method, err); err != nil {
		var none T
		return none, err
	}
	return x, nil
}

// Create implements driver.Store.
func (a *ambiguous) Create(ctx context.Context, c driver.Creation) (driver.Operation, bool, error) {
	op, created, err := a.Store.Create(ctx, c)
	op, err = answerOf(a, "Create", op, err)
	return op, created && err == nil, err
}

// Hide implements driver.Store.
func (a *ambiguous) Hide(ctx context.Context, id string) (bool, error) {
	won, err := a.Store.Hide(ctx, id)
	return answerOf(a, "Hide", won, err)
}

// End implements driver.Store.
func (a *ambiguous) End(ctx context.Context, id string, e driver.Ending) (driver.Operation, bool, error) {
	op, won, err := a.Store.End(ctx, id, e)
	op, err = answerOf(a, "End", op, err)
	return op, won && err == nil, err
}

// Finalize implements driver.Store.
func (a *ambiguous) Finalize(ctx context.Context, t driver.Token, receipt []byte) (bool, error) {
	won, err := a.Store.Finalize(ctx, t, receipt)
	return answerOf(a, "Finalize", won, err)
}

// Reopen implements driver.Store.
func (a *ambiguous) Reopen(ctx context.Context, t driver.Token, e driver.Ending) (driver.State, bool, error) {
	now, won, err := a.Store.Reopen(ctx, t, e)
	now, err = answerOf(a, "Reopen", now, err)
	return now, won && err == nil, err
}

// Redo implements driver.Store.
func (a *ambiguous) Redo(ctx context.Context, t driver.Token, indexes []int) (bool, error) {
	won, err := a.Store.Redo(ctx, t, indexes)
	return answerOf(a, "Redo", won, err)
}

// Join implements driver.Store.
func (a *ambiguous) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	member, err := a.Store.Join(ctx, n)
	return &ambiguousMember{member, a}, err
}

// ambiguousMember is a node of an ambiguous store.
type ambiguousMember struct {
	driver.Membership
	a *ambiguous
}

// Claim implements driver.Membership.
func (m *ambiguousMember) Claim(ctx context.Context, o driver.Offer) (driver.Task, bool, error) {
	t, won, err := m.Membership.Claim(ctx, o)
	t, err = answerOf(m.a, "Claim", t, err)
	return t, won && err == nil, err
}

// Complete implements driver.Store.
func (a *ambiguous) Complete(ctx context.Context, t driver.Token, result []byte) (bool, error) {
	won, err := a.Store.Complete(ctx, t, result)
	return answerOf(a, "Complete", won, err)
}

// Retry implements driver.Store.
func (a *ambiguous) Retry(ctx context.Context, t driver.Token, failures int, pause time.Duration) (bool, error) {
	won, err := a.Store.Retry(ctx, t, failures, pause)
	return answerOf(a, "Retry", won, err)
}

// Release implements driver.Store.
func (a *ambiguous) Release(ctx context.Context, t driver.Token) (bool, error) {
	won, err := a.Store.Release(ctx, t)
	return answerOf(a, "Release", won, err)
}

// Discarded implements driver.Store.
func (a *ambiguous) Discarded(ctx context.Context, t driver.Token) (bool, error) {
	won, err := a.Store.Discarded(ctx, t)
	return answerOf(a, "Discarded", won, err)
}

// Expire implements driver.Store.
func (a *ambiguous) Expire(ctx context.Context, keep time.Duration, limit int) (int, error) {
	n, err := a.Store.Expire(ctx, keep, limit)
	return answerOf(a, "Expire", n, err)
}

// Name implements driver.Store.
func (a *ambiguous) Name(ctx context.Context, id string, names []driver.Name) error {
	return a.lie("Name", a.Store.Name(ctx, id, names))
}

// lying is a place with stores whose method lies so many times, and then no more.
func lying(place Place, method string, times int, lied func()) Place {
	open := place.Open
	place.Open = func(clock func() time.Time) (driver.Store, error) {
		store, err := open(clock)
		return &ambiguous{Store: store, Method: method, Lied: lied, lies: times}, err
	}
	return place
}

// testAmbiguousStore: whatever method lies, each operation ends as it should.
func testAmbiguousStore(t *testing.T, h Harness) {
	for _, method := range writing {
		t.Run(method, func(t *testing.T) {
			place, toy, clock := lying(h.Place(t), method, 2, nil), NewToy(), newClock()
			s := begin(t, place, toy, clock)
			name := s.startWith(lro.NewOperation{Request: []byte("commit-fails redo at:here")}, "say a", "fail b", "say c")
			expectResponse(t, s, name, "a b c")
			toy.AwaitDiscard(t, idOf(name))
			if words, _ := toy.Outcome("here"); words != "a b c" {
				t.Errorf("%q is visible", words)
			}
			cancelled := s.start("hold d")
			waiting := s.waiting(t.Context(), cancelled, nil)
			step := toy.Next(t)
			s.cancel(cancelled)
			expectCancelled(t, s, cancelled)
			<-step.Ctx.Done()
			<-waiting
			toy.AwaitDiscard(t, idOf(cancelled))
			late := s.startWith(lro.NewOperation{Request: []byte("commit-holds commit-always")}, "say e")
			waiting = s.waiting(t.Context(), late, nil)
			step = toy.Next(t)
			s.cancel(late)
			step.Continue()
			<-waiting
			expectCancelled(t, s, late)
			failed := s.start("permanent f")
			expectError(t, s, failed, fault.FailedPrecondition)
			s.delete(failed)
			_, err := s.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: failed})
			expectFault(t, err, fault.NotFound)
			handed := s.start("hold g")
			toy.Next(t)
			s.stop()
			s = begin(t, place, toy, clock)
			toy.Next(t).Continue()
			expectResponse(t, s, handed, "g")
			for _, name := range []string{name, cancelled, late, failed, handed} {
				toy.AwaitDiscard(t, idOf(name))
				if n := toy.Scratch(idOf(name)); n != 0 {
					t.Errorf("%d pieces of scratch are left of %s", n, name)
				}
			}
		})
	}
}

// testAmbiguousFinalize: an outcome of which it is not known whether it is past
// the point of no return is not dropped, and an older one under the same name
// is not taken for it.
func testAmbiguousFinalize(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	at := lro.NewOperation{Request: []byte("at:here")}
	s := begin(t, place, toy, clock)
	old := s.startWith(at, "say old")
	expectResponse(t, s, old, "old")
	toy.AwaitDiscard(t, idOf(old))
	s.stop()

	// The store lies until the server has stopped.
	lied := make(chan struct{})
	s = begin(t, lying(place, "Finalize", 1<<20, sync.OnceFunc(func() { close(lied) })), toy, clock)
	name := s.startWith(at, "say new")
	<-lied
	s.stop()

	s = begin(t, place, toy, clock)
	expectResponse(t, s, name, "new")
	if words, _ := toy.Outcome("here"); words != "new" {
		t.Errorf("%q is visible", words)
	}
}

// refusing is a store that takes no result, ever.
type refusing struct{ driver.Store }

var errRefused = errors.New("such a value is refused")

func (refusing) Complete(context.Context, driver.Token, []byte) (bool, error) {
	return false, errRefused
}

func (r refusing) Transient(err error) bool {
	return !errors.Is(err, errRefused) && r.Store.Transient(err)
}

// testRefusingStore: what the store will never take fails the operation.
func testRefusingStore(t *testing.T, h Harness) {
	place := h.Place(t)
	open := place.Open
	place.Open = func(clock func() time.Time) (driver.Store, error) {
		store, err := open(clock)
		return refusing{store}, err
	}
	s := begin(t, place, NewToy(), newClock())
	name := s.start("say a")
	expectError(t, s, name, fault.Internal)
	s.toy.AwaitDiscard(t, idOf(name))
}
