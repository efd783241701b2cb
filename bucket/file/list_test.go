package file_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
)

// frugal is a file system that lets nobody hold a whole folder.
type frugal struct {
	file.Files
	t testing.TB
}

func (f frugal) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "staging" {
		f.t.Errorf("all of %s is read at once", name)
	}
	return f.Files.ReadDir(name)
}

func (f frugal) OpenDir(name string) (fs.ReadDirFile, error) {
	dir, err := f.Files.OpenDir(name)
	return frugalDir{dir, f.t}, err
}

type frugalDir struct {
	fs.ReadDirFile
	t testing.TB
}

func (d frugalDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > 1000 {
		d.t.Errorf("%d entries are read at once", n)
	}
	return d.ReadDirFile.ReadDir(n)
}

// crowd is a store with n objects in one folder.
func crowd(t testing.TB, n int) *file.Store {
	t.Helper()
	dir := t.TempDir()
	s, err := file.OpenOn(dir, func(f file.Files) file.Files { return frugal{f, t} })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := os.MkdirAll(filepath.Join(dir, "buckets", "books", "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		f, err := os.Create(s.Path(fmt.Sprintf("books/a/%06d.wav", i)))
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// A folder is never held as a whole, however many objects it has.
func TestListHoldsAPage(t *testing.T) {
	const n, limit = 12_000, 500 // more than are held
	s := crowd(t, n)
	seen := 0
	for after := ""; ; {
		page, err := s.List(t.Context(), driver.Listing{Prefix: "books/", After: after, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if want := fmt.Sprintf("books/a/%06d.wav", seen); e.Key != want {
				t.Fatalf("entry %d is %s", seen, e.Key)
			}
			seen++
		}
		after = page[len(page)-1].Key
	}
	if seen != n {
		t.Errorf("%d objects are listed of %d", seen, n)
	}
}

// What is remembered of a folder is not told of one that has changed.
func TestListSeesChanges(t *testing.T) {
	const n = 1500
	s := crowd(t, n)
	folder := filepath.Dir(s.Path("books/a/x"))
	old := time.Now().Add(-time.Hour)
	all := func() int {
		page, err := s.List(t.Context(), driver.Listing{Prefix: "books/a/", Limit: 2 * n})
		if err != nil {
			t.Fatal(err)
		}
		return len(page)
	}
	for change, want := range []int{n, n + 1, n} {
		switch change {
		case 1:
			if _, err := put(t, s, "op", "books/a/new.wav", "x"); err != nil {
				t.Fatal(err)
			}
		case 2:
			if err := s.Remove(t.Context(), place("books/a/new.wav")); err != nil {
				t.Fatal(err)
			}
		}
		if got := all(); got != want { // of a folder that has changed just now
			t.Errorf("%d objects are listed of %d", got, want)
		}
		at := old.Add(time.Duration(change) * time.Minute)
		if err := os.Chtimes(folder, at, at); err != nil {
			t.Fatal(err)
		}
		for range 2 { // read, and remembered
			if got := all(); got != want {
				t.Errorf("%d objects are listed of %d", got, want)
			}
		}
	}
}

// BenchmarkList is a page of 1,000 out of 100,000 objects in one folder.
func BenchmarkList(b *testing.B) {
	s := crowd(b, 100_000)
	for b.Loop() {
		if page, err := s.List(b.Context(), driver.Listing{Prefix: "books/", Limit: 1000}); err != nil || len(page) != 1000 {
			b.Fatal(len(page), err)
		}
	}
}
