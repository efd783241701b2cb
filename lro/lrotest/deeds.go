package lrotest

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/lectern/lectern/lro/driver"
)

// testDeeds: of many who claim a name at once one has it, all are told who, and it stays
// so after a restart.
func testDeeds(t *testing.T, h Harness) {
	place, clock := h.Place(t), newClock()
	open := func() (driver.Store, driver.Deeds) {
		t.Helper()
		store, err := place.Open(clock.Now)
		if err != nil {
			t.Fatal(err)
		}
		deeds, ok := store.(driver.Deeds)
		if !ok {
			t.Fatalf("%T keeps no deeds", store)
		}
		return store, deeds
	}
	store, deeds := open()
	several := []driver.Deeds{deeds}
	if !h.Exclusive {
		other, more := open()
		several = append(several, more)
		defer other.Close()
	}
	want := map[string]string{}
	for _, name := range []string{"books", "books-2", "böcker %", ""} {
		if owner, err := deeds.OwnerOf(t.Context(), name); err != nil || owner != "" {
			t.Errorf("%q, claimed by nobody, is %q's (%v)", name, owner, err)
		}
		told := make([]string, 16)
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() {
				var err error
				if told[i], err = several[i%len(several)].Claim(t.Context(), name, fmt.Sprint("project-", i)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, owner := range told {
			if owner == "" || owner != told[0] {
				t.Fatalf("%q: the winner is %q", name, told)
			}
		}
		want[name] = told[0]
	}
	if _, err := store.Secret(t.Context()); err != nil { // kept in the same place
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store, deeds = open()
	defer store.Close()
	for name, owner := range want {
		if got, err := deeds.OwnerOf(t.Context(), name); err != nil || got != owner {
			t.Errorf("%q is %q's after a restart, was %q's (%v)", name, got, owner, err)
		}
		if got, err := deeds.Claim(t.Context(), name, "late"); err != nil || got != owner {
			t.Errorf("%q goes from %q to %q (%v)", name, owner, got, err)
		}
	}
	if got, err := deeds.Owned(t.Context()); err != nil || !maps.Equal(got, want) {
		t.Errorf("owned are %q, want %q (%v)", got, want, err)
	}
}
