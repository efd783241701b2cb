package file_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
)

func TestFoldersInTheWay(t *testing.T) {
	s := opened(t, file.Open, t.TempDir())
	if _, err := put(t, s, "op", "books/a/b", "x"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"books/a", "books/a/b/c", "books/" + strings.Repeat("x", 256)} {
		if err := s.Check(t.Context(), place(key)); !fault.Is(err, fault.FailedPrecondition) {
			t.Errorf("Check(%.60s) = %v, want FAILED_PRECONDITION", key, err)
		}
	}
	// What has come into the way meanwhile is told as Check tells it.
	if _, err := put(t, s, "op2", "books/a", "x"); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("Commit says %v", err)
	}
}

func TestNoLinkLeadsOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	s := opened(t, file.Open, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "buckets", "books")); err != nil {
		t.Fatal(err)
	}
	if _, err := put(t, s, "op", "books/x.wav", "x"); err == nil {
		t.Error("committed through a link that leads out of the root")
	}
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}

// A bucket that is a directory keeps what is unseen in a folder that no object
// can be in.
func TestHiddenNames(t *testing.T) {
	s := opened(t, file.OpenBucket, t.TempDir())
	for key, free := range map[string]bool{".lectern": false, ".lectern/staging/x": false, "a/.lectern": true, ".lecterns": true} {
		p := place("books/" + key)
		p.Key = key
		if err := s.Check(t.Context(), p); (err == nil) != free {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// What somebody has changed is not the object of the receipt any more.
func TestChangedObjects(t *testing.T) {
	s := opened(t, file.Open, t.TempDir())
	r, err := put(t, s, "op", "books/x.wav", "sound")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path("books/x.wav"), []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	if committed, err := s.Committed(t.Context(), r); committed || err != nil {
		t.Errorf("committed: %v, %v", committed, err)
	}
}
