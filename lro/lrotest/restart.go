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
	place, toy, clock := h.Place(t), NewToy(), NewClock()
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
	place, toy, clock := h.Place(t), NewToy(), NewClock()
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

// zombie is a node that takes jobs and does with them what the test says.
type zombie struct {
	store driver.Store
	jobs  chan driver.Job
}

// zombies begins to take jobs. Whatever is not answered is held until the stop
// and not handed back: as if the process had died.
func zombies(t *testing.T, store driver.Store, answer func(driver.Job) bool) *zombie {
	t.Helper()
	z := &zombie{store: store, jobs: make(chan driver.Job, 100)}
	err := store.Start(t.Context(), driver.Dispatch{Workers: 4, Handler: func(ctx context.Context, j driver.Job) error {
		if answer(j) {
			return nil
		}
		z.jobs <- j
		<-ctx.Done()
		return context.Cause(ctx)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// crash stops the zombie and closes its store.
func (z *zombie) crash(t *testing.T) {
	t.Helper()
	if err := z.store.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := z.store.Close(); err != nil {
		t.Fatal(err)
	}
}

func openStore(t *testing.T, open func() (driver.Store, error)) driver.Store {
	t.Helper()
	store, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// claim is a claim that must succeed.
func claim(t *testing.T, store driver.Store, j driver.Job) driver.Claim {
	t.Helper()
	c, won, err := store.Claim(context.Background(), j.Token)
	must(t, "Claim", won, err, true)
	return c
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
		place, toy, clock := h.Place(t), NewToy(), NewClock()
		s := opened(t, place, toy, clock)
		name := s.start("say a")
		s.stop()

		store := openStore(t, place)
		z := zombies(t, store, func(j driver.Job) bool {
			if j.Role == driver.Shard {
				claim(t, store, j)
				won, err := store.Complete(context.Background(), j.Token, []byte("a"), clock.Now())
				must(t, "Complete", won, err, true)
				return true
			}
			claim(t, store, j)
			for range 2 { // a finalize may be repeated
				won, err := store.Finalize(context.Background(), j.Token, []byte("receipt"), clock.Now())
				must(t, "Finalize", won, err, true)
			}
			return false
		})
		<-z.jobs
		if visible {
			_, _ = (&toyCommit{Toy: toy, op: idOf(name), words: "before the crash", receipt: "receipt"}).Commit(context.Background())
		}
		// A cancel is too late now, and must stay so until it is settled.
		_, won, err := store.End(context.Background(), idOf(name), cancelled(clock))
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

func cancelled(clock *Clock) driver.Ending {
	at := clock.Now()
	return driver.Ending{From: driver.Running, To: driver.Cancelled, ErrorCode: 1, ErrorMessage: "Operation was cancelled.", At: at, Expires: at}
}

func testCrashedTooOften(t *testing.T, h Harness) {
	for _, crashes := range []int{0, 1, 9, 10, 11} {
		place, toy, clock := h.Place(t), NewToy(), NewClock()
		s := opened(t, place, toy, clock)
		name := s.start("say a")
		s.stop()
		for range crashes {
			store := openStore(t, place)
			z := zombies(t, store, func(j driver.Job) bool {
				_, won, err := store.Claim(context.Background(), j.Token)
				if err != nil {
					t.Error(err)
				}
				return !won // the job of the crash before is stale
			})
			<-z.jobs
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

func testKindIsGone(t *testing.T, h Harness) {
	place, clock := h.Place(t), NewClock()
	s := opened(t, place, NewToy(), clock)
	name := s.start("say a")
	s.stop()
	s = opened(t, place, nil, clock)
	s.run()
	expectError(t, s, name, fault.Unimplemented)
	if op := s.get(name); op.GetMetadata() != nil {
		t.Errorf("the metadata is %v", op.GetMetadata())
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: Parent}); len(all) != 1 {
		t.Errorf("the list has %v", all)
	}
}

// finalized leaves an operation past the point of no return, of which nothing
// is visible.
func finalized(t *testing.T, place func() (driver.Store, error), clock *Clock) (name string) {
	t.Helper()
	s := opened(t, place, NewToy(), clock)
	name = s.start("say a")
	s.stop()
	store := openStore(t, place)
	z := zombies(t, store, func(j driver.Job) bool {
		claim(t, store, j)
		if j.Role == driver.Shard {
			won, err := store.Complete(context.Background(), j.Token, []byte("a"), clock.Now())
			must(t, "Complete", won, err, true)
			return true
		}
		won, err := store.Finalize(context.Background(), j.Token, []byte("receipt"), clock.Now())
		must(t, "Finalize", won, err, true)
		return false
	})
	<-z.jobs
	z.crash(t)
	return name
}

func testKindIsGoneInFinalizing(t *testing.T, h Harness) {
	t.Parallel()
	place, clock := h.Place(t), NewClock()
	name := finalized(t, place, clock)
	s := opened(t, place, nil, clock)
	s.run()
	expectError(t, s, name, fault.Unimplemented)
	if n, err := s.store.Repair(t.Context()); n != 0 || err != nil {
		t.Errorf("Repair found %d tasks (%v)", n, err)
	}
}

// testCrashedTogether: what only died with others is not counted, and in the
// end is tried alone.
func testCrashedTogether(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), NewClock()
	s := opened(t, place, toy, clock)
	name := s.start("hold a", "hold b")
	s.stop()
	for range 12 {
		store := openStore(t, place)
		z := zombies(t, store, func(j driver.Job) bool {
			_, won, err := store.Claim(context.Background(), j.Token)
			if err != nil {
				t.Error(err)
			}
			return !won
		})
		<-z.jobs
		<-z.jobs
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
	place, toy, clock := h.Place(t), NewToy(), NewClock()
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
	place := h.Place(t)
	first := openStore(t, place)
	second, err := place()
	if err == nil {
		t.Error("a second store was opened on the same place")
		_ = second.Close()
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	third := openStore(t, place)
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
}
