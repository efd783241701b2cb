package lrotest

import (
	"context"
	"errors"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

func testStopHandsBack(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := begin(t, place, toy, clock)
	name := s.start("hold a", "say b")
	step := toy.Next(t)
	s.stop()
	if cause := context.Cause(step.Ctx); !errors.Is(cause, lro.ErrStopping) {
		t.Errorf("the work was ended by %v", cause)
	}
	s = begin(t, place, toy, clock)
	if s.get(name).GetDone() {
		t.Error("the stop has ended the operation")
	}
	toy.Next(t).Continue()
	expectResponse(t, s, name, "a b")
}

// testStopsAgainAndAgain: being handed back is neither a failure nor a crash.
func testStopsAgainAndAgain(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := begin(t, place, toy, clock)
	name := s.startWith(lro.NewOperation{Request: []byte("finish")}, "hold a")
	for range 5 {
		toy.Next(t)
		s.stop()
		s = begin(t, place, toy, clock)
	}
	toy.Next(t).Continue() // the shard
	for range 5 {
		if step := toy.Next(t); step.What != "finish" {
			t.Fatalf("the operation is at %q", step.What)
		}
		s.stop()
		s = begin(t, place, toy, clock)
	}
	toy.Next(t).Continue()
	expectResponse(t, s, name, "a")
}

// zombie is a node that claims whatever it is offered, and does with it what the
// test says.
type zombie struct {
	place  Place
	store  driver.Store
	member driver.Membership
	tasks  chan driver.Task
	stop   func()
}

// zombies begins to claim tasks. What answer does not say it has answered stays
// claimed.
func zombies(t *testing.T, place Place, store driver.Store, answer func(driver.Task) bool) *zombie {
	t.Helper()
	z := &zombie{place: place, store: store, tasks: make(chan driver.Task, 100)}
	rings := make(chan struct{}, 1)
	ring := func() {
		select {
		case rings <- struct{}{}:
		default:
		}
	}
	member, err := store.Join(t.Context(), driver.Node{
		Name: "zombie", Slots: 4, Abilities: func() []string { return []string{"kind:" + ToyKind} },
		Work: ring, Ended: func(string) {}, Hidden: func(string) {}, Resync: func() {}, Lost: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	z.member = member
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	z.stop = func() {
		cancel()
		<-ended
	}
	go func() {
		defer close(ended)
		for {
			z.take(ctx, t, answer)
			select {
			case <-rings:
			case <-ctx.Done():
				return
			}
		}
	}()
	return z
}

// take claims all that is offered.
func (z *zombie) take(ctx context.Context, t *testing.T, answer func(driver.Task) bool) {
	offers, err := z.member.Offers(ctx, driver.Want{Large: 10, Small: 10, Discards: 10})
	if err != nil {
		if ctx.Err() == nil {
			t.Error(err)
		}
		return
	}
	for _, o := range append(offers.Tasks, offers.Discards...) {
		task, won, err := z.member.Claim(context.WithoutCancel(ctx), o)
		if err != nil {
			t.Error(err)
			return
		}
		if won && !answer(task) {
			z.tasks <- task
		}
	}
}

// offered is the offer that led to a task.
func offered(task driver.Task) driver.Offer {
	o := task.Offer
	o.Epoch--
	return o
}

// leave ends the zombie as a node that stops.
func (z *zombie) leave(t *testing.T) {
	t.Helper()
	z.stop()
	if err := z.member.Leave(context.Background()); err != nil {
		t.Error(err)
	}
}

// crash ends the zombie as if its process had died.
func (z *zombie) crash(t *testing.T) {
	t.Helper()
	z.stop()
	if err := z.store.Close(); err != nil {
		t.Fatal(err)
	}
	z.place.bury(t)
}

func openStore(t *testing.T, place Place, clock *clock) driver.Store {
	t.Helper()
	store, err := place.Open(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// must reports a compare-and-set that did not end as wanted.
func must(t *testing.T, what string, won bool, err error, want bool) {
	t.Helper()
	if err != nil || won != want {
		t.Errorf("%s: won is %t (%v), want %t", what, won, err, want)
	}
}

func testCrashedInFinalizing(t *testing.T, h Harness) {
	for _, visible := range []bool{true, false} {
		place, toy, clock := h.Place(t), NewToy(), newClock()
		s := opened(t, place, toy, clock)
		name := s.start("say a")
		s.stop()

		store := openStore(t, place, clock)
		z := zombies(t, place, store, func(task driver.Task) bool {
			if task.Role == driver.Shard {
				won, err := store.Complete(context.Background(), task.Token, []byte("a"))
				must(t, "Complete", won, err, true)
				return true
			}
			for range 2 { // a finalize may be repeated
				won, err := store.Finalize(context.Background(), task.Token, []byte("receipt"))
				must(t, "Finalize", won, err, true)
			}
			return false
		})
		<-z.tasks
		if visible {
			_, _ = (&toyCommit{Toy: toy, op: idOf(name), words: "before the crash", receipt: "receipt"}).Commit(context.Background())
		}
		// A cancel is too late now, and must stay so until it is settled.
		_, won, err := store.End(context.Background(), idOf(name), cancelled())
		must(t, "a late cancel", won, err, false)
		z.crash(t)

		s = begin(t, place, toy, clock)
		if visible {
			expectResponse(t, s, name, "before the crash")
		} else {
			expectResponse(t, s, name, "a")
		}
		s.stop()
	}
}

func cancelled() driver.Ending {
	return driver.Ending{From: driver.Running, To: driver.Cancelled, ErrorCode: 1, ErrorMessage: "Operation was cancelled."}
}

func testCrashedTooOften(t *testing.T, h Harness) {
	for _, crashes := range []int{0, 1, 9, 10, 11} {
		place, toy, clock := h.Place(t), NewToy(), newClock()
		s := opened(t, place, toy, clock)
		name := s.start("say a")
		s.stop()
		for range crashes {
			z := zombies(t, place, openStore(t, place, clock), func(driver.Task) bool { return false })
			<-z.tasks
			z.crash(t)
		}
		s = begin(t, place, toy, clock)
		if crashes < 10 {
			expectResponse(t, s, name, "a")
		} else {
			expectError(t, s, name, fault.Internal)
			if n := toy.Attempts(idOf(name), "say a"); n != 0 {
				t.Errorf("after %d crashes the shard was tried again", crashes)
			}
		}
		s.stop()
	}
}

// impatient gives up at once what no node is able to do.
func impatient(c *lro.Config) { c.Abandoned = time.Microsecond }

func testKindIsGone(t *testing.T, h Harness) {
	place, clock := h.Place(t), newClock()
	s := opened(t, place, NewToy(), clock)
	name := s.start("say a")
	s.stop()
	s = openedWith(t, place, nil, clock, impatient)
	s.run()
	expectError(t, s, name, fault.Unimplemented)
	if op := s.get(name); op.GetMetadata() != nil {
		t.Errorf("the metadata is %v", op.GetMetadata())
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName}); len(all) != 1 {
		t.Errorf("the list has %v", all)
	}
}

// finalized leaves an operation past the point of no return, of which nothing
// is visible.
func finalized(t *testing.T, place Place, clock *clock) (name string) {
	t.Helper()
	s := opened(t, place, NewToy(), clock)
	name = s.start("say a")
	s.stop()
	store := openStore(t, place, clock)
	z := zombies(t, place, store, func(task driver.Task) bool {
		if task.Role == driver.Shard {
			won, err := store.Complete(context.Background(), task.Token, []byte("a"))
			must(t, "Complete", won, err, true)
			return true
		}
		won, err := store.Finalize(context.Background(), task.Token, []byte("receipt"))
		must(t, "Finalize", won, err, true)
		return false
	})
	<-z.tasks
	z.crash(t)
	return name
}

func testKindIsGoneInFinalizing(t *testing.T, h Harness) {
	t.Parallel()
	place, clock := h.Place(t), newClock()
	name := finalized(t, place, clock)
	s := openedWith(t, place, nil, clock, impatient)
	s.run()
	expectError(t, s, name, fault.Unimplemented)
}

// testCrashedTogether: what only died with others is not counted, and in the
// end is tried alone.
func testCrashedTogether(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := opened(t, place, toy, clock)
	name := s.start("hold a", "hold b")
	s.stop()
	for range 12 {
		z := zombies(t, place, openStore(t, place, clock), func(driver.Task) bool { return false })
		<-z.tasks
		<-z.tasks
		z.crash(t)
	}
	s = begin(t, place, toy, clock)
	first := toy.Next(t)
	select {
	case second := <-toy.steps:
		t.Errorf("%s is worked on beside %s", second.What, first.What)
	case <-s.waiting(t.Context(), name, durationpb.New(100*time.Millisecond)):
	}
	first.Continue()
	toy.Next(t).Continue()
	expectResponse(t, s, name, "a b")
}

// testSweep: what belongs to no operation that is under way is discarded at the
// start, and nothing else.
func testSweep(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := begin(t, place, toy, clock)
	over, held := s.start("say a"), s.start("hold b")
	s.wait(over)
	toy.AwaitDiscard(t, idOf(over))
	toy.Next(t)
	s.stop()
	toy.mu.Lock()
	toy.scratch["unknown"], toy.scratch[idOf(over)] = 1, 1
	toy.mu.Unlock()
	s = begin(t, place, toy, clock)
	toy.AwaitDiscard(t, "unknown")
	step := toy.Next(t)
	if toy.Scratch(idOf(over)) != 0 || toy.Scratch(idOf(held)) == 0 {
		t.Errorf("scratch of the old one %d, of the one under way %d", toy.Scratch(idOf(over)), toy.Scratch(idOf(held)))
	}
	step.Continue()
	expectResponse(t, s, held, "b")
}

func testSecondIsRefused(t *testing.T, h Harness) {
	if !h.Exclusive {
		t.Skip("several nodes may share this store")
	}
	place, clock := h.Place(t), newClock()
	first := openStore(t, place, clock)
	second, err := place.Open(clock.Now)
	if err == nil {
		t.Error("a second store was opened on the same place")
		_ = second.Close()
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	third := openStore(t, place, clock)
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
}
