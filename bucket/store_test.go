package bucket_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
)

// open opens a directory as a server does.
func open(t *testing.T, dir string) (*bucket.Store, *file.Store) {
	t.Helper()
	d, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := bucket.New(bucket.Config{All: d, Scratch: d.Scratch()})
	t.Cleanup(func() { s.Close() })
	return s, d
}

func object(t *testing.T, uri string) bucket.Object {
	t.Helper()
	o, err := bucket.ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// stage stages an object, with captions if there are any, and seals it.
func stage(t *testing.T, s *bucket.Store, id string, o bucket.Object, content, captions string) *bucket.Upload {
	t.Helper()
	u, err := s.Stage(t.Context(), id, o)
	if err != nil {
		t.Fatal(err)
	}
	if captions != "" {
		w, err := u.Captions(t.Context(), ".srt")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, captions)
	}
	if _, err := io.WriteString(u.Body(t.Context()), content); err != nil {
		t.Fatal(err)
	}
	if err := u.Seal(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return u
}

// holds is what shows at a key, or "".
func holds(t *testing.T, d *file.Store, key string) string {
	t.Helper()
	b, err := os.ReadFile(d.Path(key))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

func TestDiscardLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	piece, err := s.Scratch().Create(t.Context(), "op", "0-1-1")
	if err != nil {
		t.Fatal(err)
	}
	if err := piece.Close(); err != nil {
		t.Fatal(err)
	}
	stage(t, s, "op", object(t, "gs://books/x.wav"), "sound", "words")
	stage(t, s, "other", object(t, "gs://books/y.wav"), "sound", "")
	if ids, err := s.Kept(t.Context()); err != nil || !slices.Equal(ids, []string{"op", "other"}) {
		t.Errorf("kept: %v, %v", ids, err)
	}
	for range 2 {
		if err := s.Discard(t.Context(), "op"); err != nil {
			t.Fatal(err)
		}
	}
	if ids, err := s.Kept(t.Context()); err != nil || !slices.Equal(ids, []string{"other"}) {
		t.Errorf("kept in the end: %v, %v", ids, err)
	}
	if holds(t, d, "books/x.wav")+holds(t, d, "books/x.srt") != "" {
		t.Error("what was discarded shows")
	}
}

// A bucket that is mapped stands in a store of its own, under its objects' names.
func TestMappedBuckets(t *testing.T) {
	dir, at := t.TempDir(), t.TempDir()
	d, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	mapped, err := file.OpenBucket(at)
	if err != nil {
		t.Fatal(err)
	}
	s := bucket.New(bucket.Config{All: d, Mapped: map[string]driver.Store{"books": mapped}, Scratch: d.Scratch()})
	defer s.Close()
	for _, uri := range []string{"gs://books/a/x.wav", "gs://others/x.wav"} {
		u := stage(t, s, "op", object(t, uri), uri, "words")
		if err := u.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if done, err := s.Committed(t.Context(), "op", object(t, uri), u.Receipt()); !done || err != nil {
			t.Errorf("%s: committed: %v, %v", uri, done, err)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(at, "a", "x.wav"):                  "gs://books/a/x.wav",
		filepath.Join(at, "a", "x.srt"):                  "words",
		filepath.Join(dir, "buckets", "others", "x.wav"): "gs://others/x.wav",
	} {
		if b, err := os.ReadFile(path); string(b) != want {
			t.Errorf("%s holds %q, %v", path, b, err)
		}
	}
	if err := s.Check(t.Context(), object(t, "gs://books/.lectern/x")); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("a hidden name: %v", err)
	}
	stage(t, s, "left", object(t, "gs://books/y.wav"), "sound", "")
	if ids, err := s.Kept(t.Context()); err != nil || !slices.Equal(ids, []string{"left"}) {
		t.Errorf("kept: %v, %v", ids, err)
	}
}

// A head start is bounded, and a place is free again after the writing.
func TestStageAhead(t *testing.T) {
	s, d := open(t, t.TempDir())
	o := object(t, "gs://books/x.wav")
	var open []*bucket.Upload
	for range d.Ahead() {
		u, err := s.StageAhead(t.Context(), "op"+string(rune('a'+len(open))), o, 4)
		if u == nil || err != nil {
			t.Fatal(u, err)
		}
		open = append(open, u)
	}
	if u, err := s.StageAhead(t.Context(), "more", o, 4); u != nil || err != nil {
		t.Errorf("one more: %v, %v", u, err)
	}
	if _, err := io.WriteString(open[0].Body(t.Context()), "body"); err != nil {
		t.Fatal(err)
	}
	if err := open[0].Seal(t.Context(), []byte("HEAD")); err != nil {
		t.Fatal(err)
	}
	if err := open[0].Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := open[1].Discard(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false} {
		u, err := s.StageAhead(t.Context(), "again"+string(rune('a'+i)), o, 4)
		if err != nil || (u != nil) != want {
			t.Errorf("%d. again: %v, %v", i, u, err)
		}
	}
	if got := holds(t, d, "books/x.wav"); got != "HEADbody" {
		t.Errorf("the object holds %q", got)
	}
}

func TestParseURI(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, uri := range []string{
		"", "gs://", "gs:///x", "gs://bucket", "gs://bucket/", "http://bucket/x", "bucket/x", "GS://bucket/x",
		"gs://ab/x", "gs://Bucket/x", "gs://-ab/x", "gs://a..b/x", "gs://bucket/../x", "gs://bucket/a/../../x",
		"gs://bucket/a//b", "gs://bucket/./x", "gs://bucket/x/", "gs://bucket//x", "gs://../x", "gs://bucket/a\x00b",
		"gs://bucket/a\nb", `gs://bucket/..\x`, "gs://bucket/\xff", "gs://bucket/" + long, "gs://bucket/" + strings.Repeat("x/", 600) + "x",
	} {
		if o, err := bucket.ParseURI(uri); !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("ParseURI(%q) = %v, %v; want INVALID_ARGUMENT", uri, o, err)
		}
	}
	for _, uri := range []string{"gs://abc/x", "gs://my-bucket.example_1/Été/part 1.wav", "gs://bucket/..x/x..", "gs://bucket/" + long[1:]} {
		if o, err := bucket.ParseURI(uri); err != nil || o.String() != uri {
			t.Errorf("ParseURI(%q) = %v, %v", uri, o, err)
		}
	}
}

func FuzzParseURI(f *testing.F) {
	f.Add("gs://bucket/a/b.wav")
	f.Add("gs://bucket/../x")
	f.Fuzz(func(t *testing.T, uri string) {
		o, err := bucket.ParseURI(uri)
		if err != nil {
			return
		}
		if o.String() != uri || !filepath.IsLocal(filepath.Join(o.Bucket, o.Name)) {
			t.Errorf("%q became %q", uri, o)
		}
	})
}
