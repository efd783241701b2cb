package sqlite_test

import (
	"context"
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
				_, _, err := store.Create(t.Context(), driver.Creation{ID: "op", Kind: "k", Parent: "p", At: claimed, Window: 2, Tasks: []driver.Task{{Weight: 1}, {Weight: 1}}})
				if err != nil {
					t.Fatal(err)
				}
			}
			crashes := make(chan int)
			err = store.Start(t.Context(), driver.Dispatch{Workers: 4, Handler: func(ctx context.Context, j driver.Job) error {
				c, won, err := store.Claim(ctx, j.Token)
				if err != nil || !won {
					return err
				}
				crashes <- c.Crashes
				<-ctx.Done()
				return context.Cause(ctx)
			}})
			if err != nil {
				t.Fatal(err)
			}
			counted = []int{<-crashes, <-crashes}
			if err := store.Stop(context.Background()); err != nil {
				t.Error(err)
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
