package lrotest

import (
	"context"
	"testing"
	"time"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// keeping is a store that says when it has kept progress.
type keeping struct {
	driver.Store
	kept chan []driver.Advance
}

// Advance implements driver.Store.
func (k keeping) Advance(ctx context.Context, all []driver.Advance) error {
	err := k.Store.Advance(ctx, all)
	if err == nil {
		k.kept <- all
	}
	return err
}

// next waits until progress has been kept.
func (k keeping) next(t *testing.T) {
	t.Helper()
	select {
	case <-k.kept:
	case <-time.After(patience):
		t.Fatal("no progress was kept")
	}
}

// testProgressWithin: what a shard and Finish tell of themselves can be seen while they
// work, outlives a stop, and is not counted twice; all is done with the end only.
func testProgressWithin(t *testing.T, h Harness) {
	place, toy := h.Place(t), NewToy()
	s, k := keptServer(t, place, toy)
	o := toyOperation(lro.NewOperation{Request: []byte("finish-half finish"), FinishWeight: 20}, "half a")
	o.Tasks[0].Weight = 100
	op, err := s.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	name := op.GetName()
	expect := func(where string, want int64) {
		t.Helper()
		if now := progress(t, s.get(name).GetMetadata().UnmarshalTo); now != want {
			t.Errorf("%s the progress is %d, want %d", where, now, want)
		}
	}
	toy.Next(t)
	k.next(t)
	expect("in the middle of the shard", 50)
	s.stop()

	s, k = keptServer(t, place, toy)
	again := toy.Next(t)
	k.next(t)
	expect("in the middle of what was left of it", 75)
	again.Continue()
	finish := toy.Next(t)
	k.next(t)
	expect("in the middle of Finish", 110)
	finish.Continue()
	s.wait(name)
	expect("at the end", 120)
}

// keptServer is a server whose store says when it has kept progress.
func keptServer(t *testing.T, place Place, toy *Toy) (*server, keeping) {
	t.Helper()
	k := keeping{kept: make(chan []driver.Advance, 100)}
	s := openedWith(t, place, toy, newClock(), func(c *lro.Config) {
		k.Store = c.Store
		c.Store = k
	})
	s.run()
	return s, k
}

// testAdvance: progress within a task goes one way, under the task's fence, and comes
// to the sum of all weights.
func testAdvance(t *testing.T, h Harness) {
	ctx, place := context.Background(), h.Place(t)
	s := opened(t, place, NewToy(), newClock())
	o := toyOperation(lro.NewOperation{FinishWeight: 7}, "say a")
	o.Tasks[0].Weight = 100
	op, err := s.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	id := idOf(op.GetName())
	z := zombies(t, place, s.store, func(driver.Task) bool { return false })
	defer z.leave(t)
	advance := func(of driver.Task, left, want int64) {
		t.Helper()
		nobody := driver.Advance{Token: driver.Token{Op: "nobody", Epoch: 1}}
		if err := s.store.Advance(ctx, []driver.Advance{nobody, {Token: of.Token, Left: left}}); err != nil {
			t.Fatal(err)
		}
		if op, err := s.store.Get(ctx, id); err != nil || op.WorkDone != want || op.WorkTotal != 107 {
			t.Errorf("with %d left, %d of %d are done, want %d (%v)", left, op.WorkDone, op.WorkTotal, want, err)
		}
	}
	first := <-z.tasks
	if first.Weight != 100 {
		t.Errorf("the shard has the weight %d", first.Weight)
	}
	advance(first, 60, 40)
	advance(first, 60, 40)
	advance(first, 80, 40) // it does not go back
	won, err := s.store.Retry(ctx, first.Token, 1, 0)
	must(t, "Retry", won, err, true)
	second := <-z.tasks
	if second.Weight != 60 {
		t.Errorf("what is left of the shard has the weight %d", second.Weight)
	}
	advance(first, 0, 40) // it has lost its fence
	advance(second, 10, 90)
	won, err = s.store.Complete(ctx, second.Token, []byte("a"))
	must(t, "Complete", won, err, true)
	advance(second, 0, 100)
	finish := <-z.tasks
	if finish.Role != driver.Finish || finish.Weight != 7 {
		t.Errorf("the last step is %v, of the weight %d", finish.Role, finish.Weight)
	}
	advance(finish, 3, 104)
	won, err = s.store.Finalize(ctx, finish.Token, []byte("r"))
	must(t, "Finalize", won, err, true)
	advance(finish, 1, 107)
	now, won, err := s.store.Reopen(ctx, finish.Token, cancelled())
	must(t, "Reopen", won && now == driver.Running, err, true)
	advance(finish, 0, 107)
	_, won, err = s.store.End(ctx, id, cancelled())
	must(t, "Cancel", won, err, true)
	advance(finish, 0, 107)
	won, err = s.store.Release(ctx, finish.Token)
	must(t, "Release", won, err, true)
}
