package bucket_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/bucket"
)

func TestBeside(t *testing.T) {
	for name, want := range map[string]string{
		"book.wav": "book.srt", "a/b.c/book": "a/b.c/book.srt", "x.srt": "x.srt.srt", ".wav": ".wav.srt", "a.b.mp3": "a.b.srt",
	} {
		if got := (bucket.Object{Bucket: "books", Name: name}).Beside(".srt"); got.Name != want || got.Bucket != "books" {
			t.Errorf("beside %s is %s, want %s", name, got.Name, want)
		}
	}
}

// staged stages an object with captions, sealed.
func staged(t *testing.T, d *bucket.Directory, o bucket.Object) *bucket.Upload {
	t.Helper()
	u, err := d.Stage("op1", o)
	if err != nil {
		t.Fatal(err)
	}
	w, err := u.Companion(".srt")
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("captions"))
	u.Write([]byte("sound"))
	if err := u.Seal(); err != nil {
		t.Fatal(err)
	}
	return u
}

func shows(t *testing.T, d *bucket.Directory, o bucket.Object) bool {
	t.Helper()
	_, err := os.Stat(d.Path(o))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func TestCompanionsAreShownWithTheirObject(t *testing.T) {
	dir := t.TempDir()
	d, err := bucket.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	book := bucket.Object{Bucket: "books", Name: "a/book.wav"}
	u := staged(t, d, book)
	if shows(t, d, book) || shows(t, d, book.Beside(".srt")) {
		t.Fatal("something is seen before the commit")
	}
	if err := u.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(d.Path(book.Beside(".srt"))); string(b) != "captions" {
		t.Errorf("%q, %v", b, err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "staging")); err != nil || len(left) != 0 {
		t.Errorf("staging holds %v, %v", left, err)
	}
}

func TestDiscardRemovesCompanions(t *testing.T) {
	dir := t.TempDir()
	d, err := bucket.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	book := bucket.Object{Bucket: "books", Name: "book.wav"}
	for name, discard := range map[string]func(*bucket.Upload) error{
		"the upload":    func(u *bucket.Upload) error { return u.Discard() },
		"the operation": func(*bucket.Upload) error { return d.Discard("op1") },
	} {
		if err := discard(staged(t, d, book)); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(filepath.Join(dir, "staging")); err != nil || len(left) != 0 {
			t.Errorf("discarding %s leaves %v, %v", name, left, err)
		}
	}
}

// A crash between the object's rename and its companion's is made good by
// Committed.
func TestCommittedGoesOnAfterACrash(t *testing.T) {
	dir := t.TempDir()
	d, err := bucket.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	book := bucket.Object{Bucket: "books", Name: "book.wav"}
	u := staged(t, d, book)
	if done, err := d.Committed("op1", book, u.Receipt()); done || err != nil {
		t.Fatalf("committed before the rename: %v, %v", done, err)
	}
	if err := os.MkdirAll(filepath.Dir(d.Path(book)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "staging", "op1"), d.Path(book)); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Committed("op1", book, u.Receipt()); !done || err != nil {
		t.Errorf("after the rename: %v, %v", done, err)
	}
	if !shows(t, d, book.Beside(".srt")) {
		t.Error("the captions are not shown")
	}
}
