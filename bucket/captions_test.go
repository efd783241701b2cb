package bucket_test

import (
	"errors"
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

func TestCaptionsAreShownWithTheirObject(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	u := stage(t, s, "op1", object(t, "gs://books/a/book.wav"), "sound", "captions")
	if holds(t, d, "books/a/book.wav")+holds(t, d, "books/a/book.srt") != "" {
		t.Fatal("something is seen before the commit")
	}
	if err := u.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if holds(t, d, "books/a/book.wav") != "sound" || holds(t, d, "books/a/book.srt") != "captions" {
		t.Error("the object and its captions are not what was staged")
	}
	if left, err := os.ReadDir(filepath.Join(dir, "staging")); err != nil || len(left) != 0 {
		t.Errorf("staging holds %v, %v", left, err)
	}
}

// A crash between the object's rename and its captions' is made good by
// Committed, in another process.
func TestCommittedGoesOnAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	book := object(t, "gs://books/book.wav")
	receipt := stage(t, s, "op1", book, "sound", "captions").Receipt()
	if err := os.MkdirAll(filepath.Dir(d.Path("books/book.wav")), 0o755); err != nil {
		t.Fatal(err)
	}
	staged, err := filepath.Glob(filepath.Join(dir, "staging", "op1.*"))
	if err != nil || len(staged) != 2 { // the shorter name is the object's
		t.Fatal(staged, err)
	}
	if err := os.Rename(staged[0], d.Path("books/book.wav")); err != nil {
		t.Fatal(err)
	}
	later, d := open(t, dir)
	if done, err := later.Committed(t.Context(), "op1", book, receipt); !done || err != nil {
		t.Errorf("after the rename: %v, %v", done, err)
	}
	if holds(t, d, "books/book.srt") != "captions" {
		t.Error("the captions are not shown")
	}
}

// Captions that cannot be shown leave the object shown, and are told.
func TestUnshownCaptions(t *testing.T) {
	s, d := open(t, t.TempDir())
	book := object(t, "gs://books/book.wav")
	u := stage(t, s, "op1", book, "sound", "captions")
	if err := os.MkdirAll(filepath.Dir(d.Path("books/book.srt")), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.Path("books/book.srt"), []byte("somebody's"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckBeside(t.Context(), book, []string{".srt"}); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("CheckBeside says %v", err)
	}
	err := u.Commit(t.Context())
	if unshown := new(bucket.UnshownError); !errors.As(err, &unshown) || len(unshown.Captions) != 1 || unshown.Captions[0] != book.Beside(".srt") {
		t.Errorf("Commit says %v", err)
	}
	if done, err := s.Committed(t.Context(), "op1", book, u.Receipt()); !done || !errors.As(err, new(*bucket.UnshownError)) {
		t.Errorf("Committed says %v, %v", done, err)
	}
	if holds(t, d, "books/book.srt") != "somebody's" || holds(t, d, "books/book.wav") != "sound" {
		t.Error("somebody's object is not what it was, or the book is not shown")
	}
	if err := s.Discard(t.Context(), "op1"); err != nil {
		t.Error(err)
	}
}

// Captions replace those of the same object, until an object has taken their
// name.
func TestCaptionsBelongToTheirObject(t *testing.T) {
	s, _ := open(t, t.TempDir())
	book := object(t, "gs://books/book.wav")
	beside := func(o bucket.Object) error { return s.CheckBeside(t.Context(), o, []string{".srt"}) }
	for range 2 {
		if err := beside(book); err != nil {
			t.Fatal(err)
		}
		if err := stage(t, s, "op1", book, "sound", "captions").Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := beside(object(t, "gs://books/book.ogg")); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("another object's captions: %v", err)
	}
	if err := stage(t, s, "op2", book.Beside(".srt"), "an object", "").Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := beside(book); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("after an object has replaced them: %v", err)
	}
}

func TestLongNamesBeside(t *testing.T) {
	s, _ := open(t, t.TempDir())
	for n, fits := range map[int]bool{251: true, 252: false, 255: false} {
		o := bucket.Object{Bucket: "books", Name: strings.Repeat("x", n)}
		if err := s.CheckBeside(t.Context(), o, []string{".srt"}); (err == nil) != fits {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
