package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/sqlite"
)

// TestCrashCountsAfterAWhile: of two tasks that died together each is counted
// only if it had been at work for a while.
func TestCrashCountsAfterAWhile(t *testing.T) {
	for after, want := range map[time.Duration]int{time.Second: 0, driver.Suspicious + time.Second: 1} {
		dir := place(t)
		claimed := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		// life opens the store and claims both tasks.
		life := func() (counted []int) {
			store, err := sqlite.Open(t.Context(), dir, silent())
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			store.SetNow(func() time.Time { return claimed })
			if _, err := store.Get(t.Context(), "op"); err != nil {
				_, _, err := store.Create(t.Context(), driver.Creation{ID: "op", Kind: "k", Parent: "p", Window: 2, Tasks: []driver.NewTask{{Weight: 1}, {Weight: 1}}})
				if err != nil {
					t.Fatal(err)
				}
			}
			node, err := store.Join(t.Context(), driver.Node{Work: func() {}})
			if err != nil {
				t.Fatal(err)
			}
			offers, err := node.Offers(t.Context(), driver.Want{Large: 9})
			if err != nil || len(offers.Tasks) != 2 {
				t.Fatal(offers, err)
			}
			for _, o := range offers.Tasks {
				task, won, err := node.Claim(t.Context(), o)
				if err != nil || !won {
					t.Fatal(won, err)
				}
				counted = append(counted, task.Crashes)
			}
			return counted
		}
		life()
		if err := os.Chtimes(filepath.Join(dir, "lock"), claimed.Add(after), claimed.Add(after)); err != nil {
			t.Fatal(err)
		}
		if got := life(); got[0] != want || got[1] != want {
			t.Errorf("dead %s after the claim, the crashes are %v, want %d", after, got, want)
		}
	}
}
