package lectern

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/sqlite"
)

// TestNamesOfOperations: what an operation writes is taken for the buckets, until its
// end.
func TestNamesOfOperations(t *testing.T) {
	store, err := sqlite.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	must(t, err)
	defer store.Close()
	object, err := bucket.ParseURI("gs://books/a.wav")
	must(t, err)
	c := driver.Creation{ID: "a", Kind: "k", Parent: "p", Needs: []string{"kind:k"}, Window: 1, Tasks: []driver.NewTask{{Weight: 1}}}
	for _, n := range bucket.NamesOf(object, []string{".srt"}) {
		c.Names = append(c.Names, driver.Name(n))
	}
	_, _, err = store.Create(t.Context(), c)
	must(t, err)
	wanted := []bucket.Name{{Path: "books/a.wav", Use: "change"}, {Path: "books/a.srt", Use: "change"}, {Path: "books", Use: "removal"}, {Path: "books/a.wav/b", Use: "change"}}
	for _, n := range wanted {
		if _, err := (names{store}).Hold(t.Context(), n); !errors.Is(err, bucket.ErrTaken) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	_, _, err = store.End(t.Context(), "a", driver.Ending{From: driver.Running, To: driver.Cancelled, ErrorCode: 1})
	must(t, err)
	for _, n := range wanted {
		release, err := (names{store}).Hold(t.Context(), n)
		must(t, err)
		release()
	}
}
