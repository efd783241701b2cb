package lrotest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// testSums: what many count at once adds up, days are apart, and all of it is there
// after a restart.
func testSums(t *testing.T, h Harness) {
	place, clock := h.Place(t), newClock()
	store, err := place.Open(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	counter, ok := store.(driver.Counter)
	if !ok {
		t.Fatalf("%T counts nothing", store)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				if err := counter.Count(t.Context(), []driver.Sum{
					{Day: "2026-01-02", Account: "b", What: "words", N: 2},
					{Day: "2026-01-02", Account: "a", What: "words", N: 3},
					{Day: "2026-01-03", Account: "a", What: "calls", N: 1},
					{Day: "2026-01-02", Account: "a", What: "words", N: 4},
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := counter.Count(t.Context(), nil); err != nil {
		t.Errorf("counting nothing: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if store, err = place.Open(clock.Now); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	counter = store.(driver.Counter)
	want := []driver.Sum{{Day: "2026-01-02", Account: "a", What: "words", N: 280}, {Day: "2026-01-02", Account: "b", What: "words", N: 80}, {Day: "2026-01-03", Account: "a", What: "calls", N: 40}}
	expect := func(first, last string, want []driver.Sum) {
		t.Helper()
		if got, err := counter.Counted(t.Context(), first, last); err != nil || !slices.Equal(got, want) {
			t.Errorf("from %s to %s: %v, %v, want %v", first, last, got, err, want)
		}
	}
	expect("2026-01-01", "2026-12-31", want)
	expect("2026-01-02", "2026-01-02", want[:2])
	expect("2026-01-04", "2026-12-31", nil)
	if err := counter.Uncount(t.Context(), "2026-01-03"); err != nil {
		t.Error(err)
	}
	expect("2026-01-01", "2026-12-31", want[2:])
}

// testGroups: an operation counts in each of its groups until it has ended, after a
// restart too, and who repeats a call is not refused.
func testGroups(t *testing.T, h Harness) {
	place, toy, clock := h.Place(t), NewToy(), newClock()
	s := begin(t, place, toy, clock)
	full := errors.New("two are all you get")
	in := func(key string, names ...string) lro.NewOperation {
		op := lro.NewOperation{IdempotencyKey: key, Groups: []lro.Group{{Name: "everybody"}}}
		for _, n := range names {
			op.Groups = append(op.Groups, lro.Group{Name: n, Most: 2, Full: fmt.Errorf("%s: %w", n, full)})
		}
		return toyOperation(op, "hold a")
	}
	start := func(op lro.NewOperation) string {
		t.Helper()
		started, err := s.Start(t.Context(), op)
		if err != nil {
			t.Fatal(err)
		}
		return started.GetName()
	}
	first := start(in("k", "acme"))
	start(in("", "acme", "jo"))
	s.stop()
	s = begin(t, place, toy, clock)
	if _, err := s.Start(t.Context(), in("", "jo", "acme")); !errors.Is(err, full) || err.Error() != "acme: two are all you get" {
		t.Errorf("a third of acme: %v", err)
	}
	if again := start(in("k", "acme")); again != first {
		t.Errorf("what was accepted before is now %s", again)
	}
	start(in("", "jo"))
	start(in("", "others"))
	s.cancel(first)
	start(in("", "acme"))
	unnamed := in("", "acme")
	unnamed.Groups[1].Full = nil
	_, err := s.Start(t.Context(), unnamed)
	expectFault(t, err, fault.ResourceExhausted)
}
