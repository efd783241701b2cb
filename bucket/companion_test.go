package bucket_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
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

// Captions that cannot be shown leave the object shown, and are told.
func TestUnshownCompanions(t *testing.T) {
	d, _ := open(t)
	book := bucket.Object{Bucket: "books", Name: "book.wav"}
	u := staged(t, d, book)
	stranger := d.Path(book.Beside(".srt"))
	if err := os.MkdirAll(filepath.Dir(stranger), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stranger, []byte("somebody's"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := d.CheckBeside(book, []string{".srt"}); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("CheckBeside says %v", err)
	}
	err := u.Commit(t.Context())
	if unshown := new(bucket.UnshownError); !errors.As(err, &unshown) || len(unshown.Companions) != 1 || unshown.Companions[0] != book.Beside(".srt") {
		t.Errorf("Commit says %v", err)
	}
	if done, err := d.Committed("op1", book, u.Receipt()); !done || !errors.As(err, new(*bucket.UnshownError)) {
		t.Errorf("Committed says %v, %v", done, err)
	}
	if b, _ := os.ReadFile(stranger); string(b) != "somebody's" || !shows(t, d, book) {
		t.Errorf("somebody's object is %q, the book is shown: %t", b, shows(t, d, book))
	}
	if err := d.Discard("op1"); err != nil {
		t.Error(err)
	}
}

// Captions replace those of the same object, until an object has taken their
// name.
func TestCompanionsBelongToTheirObject(t *testing.T) {
	d, _ := open(t)
	book := bucket.Object{Bucket: "books", Name: "book.wav"}
	for range 2 {
		if err := d.CheckBeside(book, []string{".srt"}); err != nil {
			t.Fatal(err)
		}
		if err := staged(t, d, book).Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	other := bucket.Object{Bucket: "books", Name: "book.ogg"}
	if err := d.CheckBeside(other, []string{".srt"}); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("another object's captions: %v", err)
	}
	if err := stage(t, d, "op2", book.Beside(".srt"), "an object").Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.CheckBeside(book, []string{".srt"}); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("after an object has replaced them: %v", err)
	}
}

func TestLongNamesBeside(t *testing.T) {
	d, _ := open(t)
	for n, fits := range map[int]bool{251: true, 252: false, 255: false} {
		o := bucket.Object{Bucket: "books", Name: strings.Repeat("x", n)}
		if err := d.CheckBeside(o, []string{".srt"}); (err == nil) != fits {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
