package file_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
)

// frugal is a file system that lets nobody hold a whole folder.
type frugal struct {
	file.Files
	t testing.TB
}

func (f frugal) ReadDir(name string) ([]fs.DirEntry, error) {
	f.t.Errorf("all of %s is read at once", name)
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
	const n, limit = 3000, 100
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

// BenchmarkList is a page of 1,000 out of 100,000 objects in one folder.
func BenchmarkList(b *testing.B) {
	s := crowd(b, 100_000)
	for b.Loop() {
		if page, err := s.List(b.Context(), driver.Listing{Prefix: "books/", Limit: 1000}); err != nil || len(page) != 1000 {
			b.Fatal(len(page), err)
		}
	}
}
