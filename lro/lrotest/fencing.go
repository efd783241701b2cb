package lrotest

import (
	"context"
	"errors"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// testFencing: whoever has lost a task changes nothing any more.
func testFencing(t *testing.T, h Harness) {
	ctx, place := context.Background(), h.Place(t)
	s := opened(t, place, NewToy(), newClock())
	name := s.start("say a")
	store := s.store
	z := zombies(t, place, store, func(driver.Task) bool { return false })
	defer z.leave(t)
	old := <-z.tasks
	again, won, err := z.member.Claim(ctx, offered(old)) // whoever has it may claim again
	must(t, "Claim", won, err, true)
	if again.Token != old.Token {
		t.Errorf("claimed again, the task has the token %v, not %v", again.Token, old.Token)
	}
	won, err = store.Release(ctx, old.Token)
	must(t, "Release", won, err, true)
	now := <-z.tasks
	if now.Epoch <= old.Epoch {
		t.Fatalf("after the epoch %d comes %d", old.Epoch, now.Epoch)
	}

	// lost checks a token that has no right to touch its operation.
	lost := func(token driver.Token) {
		t.Helper()
		won, err = store.Complete(ctx, token, []byte("late"))
		must(t, "a zombie's Complete", won, err, false)
		won, err = store.Finalize(ctx, token, []byte("late"))
		must(t, "a zombie's Finalize", won, err, false)
		_, won, err = store.Reopen(ctx, token, cancelled())
		must(t, "a zombie's Reopen", won, err, false)
		won, err = store.Redo(ctx, token, []int{0})
		must(t, "a zombie's Redo", won, err, false)
		e := cancelled()
		e.Fence = &token
		_, won, err = store.End(ctx, token.Op, e)
		must(t, "a zombie's End", won, err, false)
	}
	// stale checks a token that has no right to touch its task either.
	stale := func(task driver.Task) {
		t.Helper()
		lost(task.Token)
		_, won, err := z.member.Claim(ctx, offered(task))
		must(t, "a zombie's Claim", won, err, false)
		won, err = store.Retry(ctx, task.Token, 1, 0)
		must(t, "a zombie's Retry", won, err, false)
		won, err = store.Release(ctx, task.Token)
		must(t, "a zombie's Release", won, err, false)
	}
	stale(old)
	op, err := store.Get(ctx, idOf(name))
	if err != nil || op.State != driver.Running || op.WorkDone != 0 {
		t.Fatalf("a zombie has changed the operation to %v (%v)", op, err)
	}
	won, err = store.Complete(ctx, now.Token, []byte("b"))
	must(t, "Complete", won, err, true)
	won, err = store.Complete(ctx, now.Token, []byte("again"))
	must(t, "a second Complete", won, err, false)

	finish := <-z.tasks
	if finish.Role != driver.Finish || finish.Shards != 1 {
		t.Fatalf("after the last shard comes %v", finish)
	}
	results, err := store.Results(ctx, idOf(name))
	if err != nil || len(results) != 1 || string(results[0]) != "b" {
		t.Errorf("the results are %q (%v)", results, err)
	}
	_, won, err = store.End(ctx, idOf(name), cancelled())
	must(t, "Cancel", won, err, true)
	lost(finish.Token) // the operation has ended under it
	offers, err := z.member.Offers(ctx, driver.Want{Large: 9, Small: 9, Discards: 9})
	if err != nil || len(offers.Tasks)+len(offers.Discards) != 0 {
		t.Errorf("while a task is claimed, %v is offered (%v)", offers, err)
	}
	won, err = store.Release(ctx, finish.Token)
	must(t, "Release after the end", won, err, true)
	discard := <-z.tasks
	if discard.Role != driver.Discard {
		t.Fatalf("after the end comes %v", discard)
	}
	for _, want := range []bool{true, false} {
		won, err = store.Discarded(ctx, discard.Token)
		must(t, "Discarded", won, err, want)
	}
}

// testFencingAfterRedo: who has asked for shards again is told from who finishes after
// those are done, though both have had the same task.
func testFencingAfterRedo(t *testing.T, h Harness) {
	ctx, place := context.Background(), h.Place(t)
	s := opened(t, place, NewToy(), newClock())
	name := s.start("say a")
	z := zombies(t, place, s.store, func(driver.Task) bool { return false })
	defer z.leave(t)
	finish := func() driver.Task {
		t.Helper()
		won, err := s.store.Complete(ctx, (<-z.tasks).Token, []byte("a"))
		must(t, "Complete", won, err, true)
		return <-z.tasks
	}
	old := finish()
	won, err := s.store.Retry(ctx, old.Token, 1, 0)
	must(t, "Retry", won, err, true)
	old = <-z.tasks
	won, err = s.store.Redo(ctx, old.Token, []int{0})
	must(t, "Redo", won, err, true)
	now := finish()
	if now.Role != driver.Finish || now.Epoch <= old.Epoch || now.Failures != 0 || now.Tries != 0 || now.Redos != 1 {
		t.Fatalf("after %v comes %v", old, now)
	}
	won, err = s.store.Redo(ctx, old.Token, []int{0})
	must(t, "a second Redo", won, err, false)
	won, err = s.store.Retry(ctx, old.Token, 1, 0)
	must(t, "a zombie's Retry", won, err, false)
	won, err = s.store.Release(ctx, old.Token)
	must(t, "a zombie's Release", won, err, false)
	won, err = s.store.Finalize(ctx, old.Token, []byte("late"))
	must(t, "a zombie's Finalize", won, err, false)
	won, err = s.store.Finalize(ctx, now.Token, []byte("in time"))
	must(t, "Finalize", won, err, true)
	e := driver.Ending{From: driver.Finalizing, To: driver.Succeeded, Keep: time.Hour, Fence: &now.Token}
	_, won, err = s.store.End(ctx, idOf(name), e)
	must(t, "End", won, err, true)
}

// testStopDuringCommit: a commit that fails while the node stops is no failure of the
// operation's; who has the task next has all of its tries.
func testStopDuringCommit(t *testing.T, h Harness) {
	place, toy := h.Place(t), NewToy()
	s := begin(t, place, toy, newClock())
	name := s.startWith(lro.NewOperation{Request: []byte("commit-holds commit-always")}, "say a")
	commit := toy.Next(t)
	s.start("hold b")
	other := toy.Next(t)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.stop()
	}()
	<-other.Ctx.Done() // the stop has reached all work
	commit.Continue()
	<-stopped
	s = opened(t, place, toy, newClock())
	z := zombies(t, place, s.store, func(driver.Task) bool { return false })
	defer z.leave(t)
	for {
		if task := <-z.tasks; task.Op == idOf(name) {
			if task.Role != driver.Finish || task.State != driver.Running || task.Failures != 0 {
				t.Errorf("after the stop comes %v of an operation that is %s, after %d failures", task.Role, task.State, task.Failures)
			}
			return
		}
	}
}

// testLeave: what a node that leaves has claimed is handed back, and nothing is
// counted against it.
func testLeave(t *testing.T, h Harness) {
	place := h.Place(t)
	s := opened(t, place, NewToy(), newClock())
	s.start("say a")
	var last driver.Task
	for range 2 * driver.Suspicions {
		z := zombies(t, place, s.store, func(driver.Task) bool { return false })
		task := <-z.tasks
		if task.Crashes != 0 || task.Alone || task.Epoch <= last.Epoch {
			t.Fatalf("after %v comes %v", last, task)
		}
		last = task
		z.leave(t)
	}
}

func testRetention(t *testing.T, h Harness) {
	s := fresh(t, h)
	running := s.start("hold a")
	step := s.toy.Next(t)
	var done []string
	for range 5 {
		name := s.start("say b")
		s.wait(name)
		s.toy.AwaitDiscard(t, idOf(name))
		done = append(done, name)
	}
	const month = 30 * 24 * time.Hour
	s.clock.advance(month - time.Hour)
	for _, name := range done {
		s.get(name)
	}
	s.clock.advance(2 * time.Hour)
	for _, name := range done {
		for _, err := range s.methods(context.Background(), name) {
			expectFault(t, err, fault.NotFound)
		}
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName}); len(all) != 1 || all[0].GetName() != running {
		t.Errorf("the list has %v", all)
	}
	var removed []int
	for range 4 {
		n, err := s.store.Expire(t.Context(), month, 2)
		if err != nil {
			t.Fatal(err)
		}
		removed = append(removed, n)
	}
	if removed[0] != 2 || removed[1] != 2 || removed[2] != 1 || removed[3] != 0 {
		t.Errorf("batches of 2 removed %v", removed)
	}
	if _, err := s.store.Get(t.Context(), idOf(done[0])); !errors.Is(err, driver.ErrNotFound) {
		t.Errorf("the row of an expired operation: %v", err)
	}
	step.Continue()
	expectResponse(t, s, running, "a") // however long it took
}
