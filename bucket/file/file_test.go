package file_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket/buckettest"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
)

func TestStore(t *testing.T) {
	for name, layout := range map[string]struct {
		open             func(dir string) (*file.Store, error)
		objects, staging string
	}{
		"a data directory": {file.Open, "buckets", "staging"},
		"one bucket":       {file.OpenBucket, ".", ".lectern/staging"},
	} {
		t.Run(name, func(t *testing.T) {
			buckettest.Run(t, func(t *testing.T) buckettest.Harness {
				dir := t.TempDir()
				return buckettest.Harness{
					Open:  func(t *testing.T) driver.Store { return opened(t, layout.open, dir) },
					Shown: func(t *testing.T) map[string][]byte { return files(t, filepath.Join(dir, layout.objects)) },
					Left: func(t *testing.T) (left []string) {
						for name := range files(t, filepath.Join(dir, layout.staging)) {
							left = append(left, name)
						}
						return left
					},
				}
			})
		})
	}
}

func TestScratch(t *testing.T) {
	buckettest.RunScratch(t, func(t *testing.T) func(*testing.T) driver.Scratch {
		dir := t.TempDir()
		return func(t *testing.T) driver.Scratch { return opened(t, file.Open, dir).Scratch() }
	})
}

func opened(t *testing.T, open func(string) (*file.Store, error), dir string) *file.Store {
	t.Helper()
	s, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// files are all files below a directory but for hidden ones.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if path != dir && e.Name() == driver.Hidden {
				return fs.SkipDir
			}
			return nil
		}
		all[strings.TrimPrefix(path, dir+string(filepath.Separator))], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// place is where a key stands.
func place(key string) driver.Place {
	bucket, name, _ := strings.Cut(key, "/")
	return driver.Place{Object: driver.Object{Bucket: bucket, Name: name}, Key: key}
}

// put writes an object.
func put(t *testing.T, s *file.Store, operation, key, content string) (driver.Receipt, error) {
	t.Helper()
	u, err := s.Begin(t.Context(), driver.Attempt{Operation: operation, Number: "1", Place: place(key)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Body(t.Context()).Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	r, err := u.Seal(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, s.Commit(t.Context(), r)
}
