package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// empty is the content of a database that has just been made: to copy it is
// quicker than to make it again for each test.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "lro")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(context.Background(), dir, silent())
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "operations.db"))
})

// place is a directory with an empty database.
func place(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	content, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "operations.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStore(t *testing.T) {
	lrotest.Run(t, lrotest.Harness{
		Exclusive: true,
		Place: func(t testing.TB) lrotest.Place {
			dir := place(t)
			return lrotest.Place{Open: func(clock func() time.Time) (driver.Store, error) {
				return sqlite.OpenAt(t.Context(), dir, clock, silent())
			}}
		},
		Hasty: func(t testing.TB) lrotest.Place {
			dir := place(t)
			return lrotest.Place{Open: func(clock func() time.Time) (driver.Store, error) {
				return sqlite.OpenHasty(t.Context(), dir, clock, silent())
			}}
		},
	})
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	dir := place(t)
	db, err := sql.Open("sqlite", filepath.Join(dir, "operations.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(t.Context(), dir, silent())
	if err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("the error is %v", err)
	}
}

func TestOpenNamesTheDirectoryInUse(t *testing.T) {
	dir := place(t)
	store, err := sqlite.Open(t.Context(), dir, silent())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	_, err = sqlite.Open(t.Context(), dir, silent())
	if !errors.Is(err, sqlite.ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("the error is %v", err)
	}
}

// TestOpenOddDirectory: a path is not a URL.
func TestOpenOddDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c#d%20&e")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), dir, silent())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	made, err := os.Stat(filepath.Join(dir, "operations.db"))
	if err != nil || made.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v (%v)", made, err)
	}
}

// TestLookRelative: a directory may be named from where the operator stands.
func TestLookRelative(t *testing.T) {
	dir := place(t)
	t.Chdir(filepath.Dir(dir))
	store, err := sqlite.Look(t.Context(), filepath.Base(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context()); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenWithoutDirectory(t *testing.T) {
	if _, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "missing"), silent()); err == nil {
		t.Error("a missing directory was opened")
	}
}
