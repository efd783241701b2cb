package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/sqlite"
)

// TestShrinks: what many operations took goes back to the disk, in a database
// that an earlier version made, too.
func TestShrinks(t *testing.T) {
	dir, at := t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if err := sqlite.MakeVersion(t.Context(), dir, 1, ""); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.OpenHasty(t.Context(), dir, func() time.Time { return at }, silent())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for i := range 60 {
		id := string(rune('a'+i%26)) + string(rune('a'+i/26))
		_, _, err := store.Create(t.Context(), driver.Creation{ID: id, Kind: "k", Parent: "p", Request: bytes.Repeat([]byte{1}, 1<<20), Window: 1, Tasks: []driver.NewTask{{Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, won, err := store.End(t.Context(), id, driver.Ending{From: driver.Running, To: driver.Failed, ErrorCode: 13}); !won || err != nil {
			t.Fatal(won, err)
		}
	}
	before := size(t, dir)
	for range 5 {
		if _, err := store.Expire(t.Context(), 0, 1000); err != nil {
			t.Fatal(err)
		}
	}
	if after := size(t, dir); before < 60<<20 || after > 8<<20 {
		t.Errorf("the database had %d bytes with the operations and has %d without", before, after)
	}
}

func size(t *testing.T, dir string) int64 {
	t.Helper()
	st, err := os.Stat(filepath.Join(dir, "operations.db"))
	if err != nil {
		t.Fatal(err)
	}
	return st.Size()
}
