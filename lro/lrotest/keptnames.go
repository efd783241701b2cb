package lrotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// testKeptNames: an operation has its name until its end, over a restart, and then
// another one can have it; one that is refused leaves nothing.
func testKeptNames(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := begin(t, place, toy, clock)
	at := lro.NewOperation{Request: []byte("at:here")}
	name := s.startWith(at, "hold a")
	toy.Next(t)
	refused := func(request string) {
		t.Helper()
		_, err := s.Start(t.Context(), toyOperation(lro.NewOperation{Request: []byte(request)}, "say b"))
		expectFault(t, err, fault.FailedPrecondition)
	}
	refused("at:here")
	refused("at:here/below")
	s.stop()
	s = begin(t, place, toy, clock)
	step := toy.Next(t)
	refused("at:here")
	step.Continue()
	expectResponse(t, s, name, "a")
	expectResponse(t, s, s.startWith(at, "say b"), "b")
	doomed := s.startWith(at, "hold c")
	toy.Next(t)
	s.cancel(doomed)
	expectResponse(t, s, s.startWith(at, "say d"), "d")
	failed := s.startWith(at, "permanent e")
	expectError(t, s, failed, fault.FailedPrecondition)
	expectResponse(t, s, s.startWith(at, "say f"), "f")
}

// named is an operation that has names and is worked on by nobody.
func named(id string, names ...driver.Name) driver.Creation {
	return driver.Creation{
		ID: id, Kind: "toy", Parent: parentName, Request: []byte{}, Needs: []string{"kind:toy"}, Window: 1,
		Tasks: []driver.NewTask{{Payload: []byte("say a"), Weight: 1}}, Names: names,
	}
}

// testKeptNamesModel compares with the rule in its plainest form, whoever wants names:
// operations, or others for a moment.
func testKeptNamesModel(t *testing.T, h Harness) {
	store, ctx := opened(t, h.Hasty(t), NewToy(), newClock()).store, context.Background()
	id := 0
	rapid.Check(t, func(r *rapid.T) {
		type holding struct {
			names   []driver.Name
			release func()
		}
		var all []*holding
		defer func() {
			for _, one := range all {
				one.release()
			}
		}()
		draw := func(r *rapid.T) []driver.Name {
			name := rapid.Custom(func(r *rapid.T) driver.Name {
				return driver.Name{
					Path: rapid.SampledFrom([]string{"b/a", "b/a.x", "b/a/c", "b/a0", "b/a/c/d", "b", "b%", "b_a", "B/a"}).Draw(r, "path"),
					Use:  rapid.SampledFrom([]string{"one", "other"}).Draw(r, "use"),
				}
			})
			return rapid.SliceOfN(name, 0, 3).Draw(r, "names")
		}
		free := func(names []driver.Name) bool {
			for _, one := range all {
				for _, a := range one.names {
					if slices.ContainsFunc(names, func(b driver.Name) bool { return driver.Collide(a, b) }) {
						return false
					}
				}
			}
			return true
		}
		check := func(r *rapid.T, names []driver.Name, err error) bool {
			var taken driver.TakenError
			if want := free(names); want != (err == nil) || err != nil && (!errors.As(err, &taken) ||
				!slices.ContainsFunc(names, func(n driver.Name) bool { return n.Path == taken.Path })) {
				r.Fatalf("wanting %v, which are free (%t): %v", names, want, err)
			}
			return err == nil
		}
		r.Repeat(map[string]func(*rapid.T){
			"start": func(r *rapid.T) {
				id++
				op, names := fmt.Sprintf("named%d", id), draw(r)
				_, _, err := store.Create(ctx, named(op, names...))
				if !check(r, names, err) {
					if _, err := store.Get(ctx, op); !errors.Is(err, driver.ErrNotFound) {
						r.Fatalf("an operation that was refused is there: %v", err)
					}
					return
				}
				all = append(all, &holding{names, func() {
					if _, won, err := store.End(ctx, op, cancelled()); !won || err != nil {
						r.Fatalf("ending %s: %t, %v", op, won, err)
					}
				}})
			},
			"hold": func(r *rapid.T) {
				names := draw(r)
				if release, err := store.Hold(ctx, names); check(r, names, err) {
					all = append(all, &holding{names, release})
				}
			},
			"release": func(r *rapid.T) {
				if len(all) == 0 {
					r.Skip("nothing is held")
				}
				at := rapid.IntRange(0, len(all)-1).Draw(r, "which")
				all[at].release()
				all = slices.Delete(all, at, at+1)
			},
		})
	})
}

// testKeptNamesRaces: of those who want a name at once, one has it.
func testKeptNamesRaces(t *testing.T, h Harness) {
	raceForNames(t, opened(t, h.Hasty(t), NewToy(), newClock()).store)
}

// raceForNames has many want what collides, by all of the stores, which are one.
func raceForNames(t *testing.T, stores ...driver.Store) {
	ctx := t.Context()
	for round := range 20 {
		var all sync.WaitGroup
		var mu sync.Mutex
		var won []driver.Name
		for i := range 8 {
			name := driver.Name{Path: []string{"r/a", "r/a/b", "r/a/b/c", "r/a"}[i%4], Use: fmt.Sprint(i)}
			store := stores[i%len(stores)]
			all.Go(func() {
				_, _, err := store.Create(ctx, named(fmt.Sprintf("race%dx%d", round, i), name, driver.Name{Path: "r/own" + name.Use, Use: "own"}))
				if err == nil {
					mu.Lock()
					defer mu.Unlock()
					won = append(won, name)
				} else if !errors.As(err, new(driver.TakenError)) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Fatalf("%d have what only one can have: %v", len(won), won)
		}
		for i := range 8 {
			op := fmt.Sprintf("race%dx%d", round, i)
			if _, ended, err := stores[0].End(ctx, op, cancelled()); err != nil || ended != (fmt.Sprint(i) == won[0].Use) {
				t.Fatalf("ending %s: %t, %v", op, ended, err)
			}
		}
	}
	// Nothing is left, and what does not collide is not refused.
	release, err := stores[0].Hold(ctx, []driver.Name{{Path: "r", Use: "all"}})
	if err != nil {
		t.Fatalf("when all has ended: %v", err)
	}
	release()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			names := []driver.Name{{Path: "r/same", Use: "same"}, {Path: fmt.Sprintf("r/same.%d", i), Use: "own"}}
			if _, _, err := stores[i%len(stores)].Create(ctx, named(fmt.Sprintf("beside%d", i), names...)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// testKeptNamesElsewhere: a name is an operation's on all nodes, or somebody's who
// holds it; and so is its release.
func testKeptNamesElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	worker := joined(t, place, toy, asItIs)
	front := joined(t, place, NewToy(), idle)
	at := lro.NewOperation{Request: []byte("at:here/below")}
	name := front.startWith(at, "hold a")
	step := toy.Next(t)
	refused := func(p *peer) {
		t.Helper()
		for _, request := range []string{"at:here/below", "at:here"} {
			_, err := p.Start(t.Context(), toyOperation(lro.NewOperation{Request: []byte(request)}, "say b"))
			expectFault(t, err, fault.FailedPrecondition)
		}
	}
	folder := []driver.Name{{Path: "here", Use: "a change"}}
	refused(worker)
	if _, err := worker.store.Hold(t.Context(), folder); !errors.As(err, new(driver.TakenError)) {
		t.Errorf("what an operation has was held: %v", err)
	}
	step.Continue()
	expectResponse(t, front.server, name, "a")
	release, err := worker.store.Hold(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	refused(front)
	release()
	expectResponse(t, front.server, front.startWith(at, "say b"), "b")
}

// testKeptNamesRacesElsewhere: of those who want a name at once, by several nodes, one
// has it.
func testKeptNamesRacesElsewhere(t *testing.T, place Shared) {
	var stores []driver.Store
	for range 2 {
		stores = append(stores, apart(t, place, NewToy(), asItIs).store)
	}
	raceForNames(t, stores...)
}

// testHeldForAMinute: what is held by somebody who is gone is free after a minute.
func testHeldForAMinute(t *testing.T, h Harness) {
	clock := newClock()
	store := opened(t, h.Place(t), NewToy(), clock).store
	one := []driver.Name{{Path: "a", Use: "one"}}
	if _, err := store.Hold(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	clock.advance(driver.HoldTime - time.Second)
	if _, err := store.Hold(t.Context(), []driver.Name{{Path: "a", Use: "other"}}); !errors.As(err, new(driver.TakenError)) {
		t.Errorf("before the minute: %v", err)
	}
	clock.advance(2 * time.Second)
	if _, err := store.Hold(t.Context(), []driver.Name{{Path: "a", Use: "other"}}); err != nil {
		t.Errorf("after the minute: %v", err)
	}
}
