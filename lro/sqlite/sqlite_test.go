package sqlite_test

import (
	"io"
	"log/slog"
	"testing"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
)

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestStore(t *testing.T) {
	lrotest.Run(t, lrotest.Harness{
		Exclusive: true,
		Place: func(t testing.TB) func() (driver.Store, error) {
			dir := t.TempDir()
			return func() (driver.Store, error) { return sqlite.Open(t.Context(), dir, silent()) }
		},
		Hasty: func(t testing.TB) func() (driver.Store, error) {
			dir := t.TempDir()
			return func() (driver.Store, error) { return sqlite.OpenHasty(t.Context(), dir, silent()) }
		},
	})
}
