package lrotest

import (
	"context"
	"errors"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// testFencing: whoever has lost a task changes nothing any more.
func testFencing(t *testing.T, h Harness) {
	ctx, clock := context.Background(), NewClock()
	s := opened(t, h.Place(t), NewToy(), clock)
	name := s.start("say a")
	store := s.store
	z := zombies(t, store, func(driver.Job) bool { return false })
	defer func() {
		if err := store.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	old := <-z.jobs
	claim(t, store, old)
	claim(t, store, old) // the same attempt may claim again
	won, err := store.Release(ctx, old.Token)
	must(t, "Release", won, err, true)
	now := <-z.jobs
	if now.Job == old.Job {
		t.Fatalf("the job %d came again", now.Job)
	}

	// lost checks a token that has no right to touch its operation.
	lost := func(j driver.Job) {
		t.Helper()
		_, won, err := store.Claim(ctx, j.Token)
		must(t, "a zombie's Claim", won, err, false)
		won, err = store.Complete(ctx, j.Token, []byte("late"), clock.Now())
		must(t, "a zombie's Complete", won, err, false)
		won, err = store.Finalize(ctx, j.Token, []byte("late"), clock.Now())
		must(t, "a zombie's Finalize", won, err, false)
		_, won, err = store.Reopen(ctx, j.Token, cancelled(clock))
		must(t, "a zombie's Reopen", won, err, false)
		won, err = store.Redo(ctx, j.Token, []int{0}, clock.Now())
		must(t, "a zombie's Redo", won, err, false)
		e := cancelled(clock)
		e.Fence = &j.Token
		_, won, err = store.End(ctx, j.Op, e)
		must(t, "a zombie's End", won, err, false)
	}
	// stale checks a token that has no right to touch its task either.
	stale := func(j driver.Job) {
		t.Helper()
		lost(j)
		won, err := store.Retry(ctx, j.Token, 1)
		must(t, "a zombie's Retry", won, err, false)
		won, err = store.Release(ctx, j.Token)
		must(t, "a zombie's Release", won, err, false)
	}
	stale(old)
	claim(t, store, now)
	stale(old)
	op, err := store.Get(ctx, idOf(name))
	if err != nil || op.State != driver.Running || op.WorkDone != 0 {
		t.Fatalf("a zombie has changed the operation to %v (%v)", op, err)
	}
	won, err = store.Complete(ctx, now.Token, []byte("b"), clock.Now())
	must(t, "Complete", won, err, true)
	won, err = store.Complete(ctx, now.Token, []byte("again"), clock.Now())
	must(t, "a second Complete", won, err, false)

	finish := <-z.jobs
	if c := claim(t, store, finish); finish.Role != driver.Finish || c.Shards != 1 {
		t.Fatalf("after the last shard comes %v", finish)
	}
	results, err := store.Results(ctx, idOf(name))
	if err != nil || len(results) != 1 || string(results[0]) != "b" {
		t.Errorf("the results are %q (%v)", results, err)
	}
	_, won, err = store.End(ctx, idOf(name), cancelled(clock))
	must(t, "Cancel", won, err, true)
	lost(finish) // the operation has ended under it
	discard := <-z.jobs
	claim(t, store, discard)
	if discard.Role != driver.Discard {
		t.Fatalf("after the end comes %v", discard)
	}
	for _, want := range []bool{true, false} {
		won, err = store.Discarded(ctx, discard.Token)
		must(t, "Discarded", won, err, want)
	}
}

// testRepair: a job that ended without its task is found.
func testRepair(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), NewClock())
	s.start("say a")
	dropped := false
	z := zombies(t, s.store, func(driver.Job) bool {
		first := !dropped
		dropped = true
		return first
	})
	deadline := time.After(patience)
	for found := 0; found == 0; {
		n, err := s.store.Repair(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found += n
		select {
		case <-deadline:
			t.Fatal("the lost task was not found")
		default:
		}
	}
	claim(t, s.store, <-z.jobs)
	if n, err := s.store.Repair(t.Context()); n != 0 || err != nil {
		t.Errorf("in a healthy store Repair found %d tasks (%v)", n, err)
	}
	if err := s.store.Stop(context.Background()); err != nil {
		t.Fatal(err)
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
	s.clock.Advance(month - time.Hour)
	for _, name := range done {
		s.get(name)
	}
	s.clock.Advance(2 * time.Hour)
	for _, name := range done {
		for _, err := range s.methods(context.Background(), name) {
			expectFault(t, err, fault.NotFound)
		}
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: Parent}); len(all) != 1 || all[0].GetName() != running {
		t.Errorf("the list has %v", all)
	}
	now := s.clock.Now()
	var removed []int
	for range 4 {
		n, err := s.store.Expire(t.Context(), now, now.Add(-month), 2)
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
