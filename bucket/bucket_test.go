package bucket_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

func open(t *testing.T) (*bucket.Directory, string) {
	t.Helper()
	dir := t.TempDir()
	d, err := bucket.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, dir
}

func object(t *testing.T, uri string) bucket.Object {
	t.Helper()
	o, err := bucket.ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func stage(t *testing.T, d *bucket.Directory, id string, o bucket.Object, text string) *bucket.Upload {
	t.Helper()
	u, err := d.Stage(id, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(u, text); err != nil {
		t.Fatal(err)
	}
	if err := u.Seal(); err != nil {
		t.Fatal(err)
	}
	return u
}

// visible lists every file below the buckets.
func visible(t *testing.T, dir string) (files []string) {
	t.Helper()
	base := filepath.Join(dir, "buckets")
	filepath.WalkDir(base, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, strings.TrimPrefix(p, base+"/"))
		}
		return nil
	})
	return files
}

func TestNothingShowsBeforeCommit(t *testing.T) {
	d, dir := open(t)
	o := object(t, "gs://books/a/b/c.wav")
	u := stage(t, d, "op1", o, "sound")
	if got := visible(t, dir); len(got) != 0 {
		t.Fatalf("visible before the commit: %v", got)
	}
	if done, err := d.Committed("op1", o, u.Receipt()); done || err != nil {
		t.Fatalf("Committed before the commit = %v, %v", done, err)
	}
	if err := u.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Committed("op1", o, u.Receipt()); !done || err != nil {
		t.Fatalf("Committed after the commit = %v, %v", done, err)
	}
	if got, _ := os.ReadFile(d.Path(o)); string(got) != "sound" {
		t.Fatalf("object holds %q", got)
	}
	if err := d.Discard("op1"); err != nil {
		t.Fatal(err)
	}
	if got := visible(t, dir); len(got) != 1 || got[0] != "books/a/b/c.wav" {
		t.Fatalf("visible after Discard: %v", got)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	d, dir := open(t)
	o := object(t, "gs://books/x.wav")
	f, err := d.CreateScratch("op2", "0-1-1")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	stage(t, d, "op2", o, "half")
	for range 2 {
		if err := d.Discard("op2"); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"staging", "scratch"} {
		if left, err := os.ReadDir(filepath.Join(dir, sub)); err != nil || len(left) != 0 {
			t.Fatalf("left over in %s: %v, %v", sub, left, err)
		}
	}
	if got := visible(t, dir); len(got) != 0 {
		t.Fatalf("visible: %v", got)
	}
	if done, _ := d.Committed("op2", o, nil); done {
		t.Fatal("a discarded outcome counts as committed")
	}
}

func TestStageReplacesAnEarlierAttempt(t *testing.T) {
	d, _ := open(t)
	o := object(t, "gs://books/x.wav")
	stage(t, d, "op3", o, "a longer first attempt")
	u := stage(t, d, "op3", o, "second")
	if err := u.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(d.Path(o)); string(got) != "second" {
		t.Fatalf("object holds %q", got)
	}
}

func TestCommitReplacesAnObject(t *testing.T) {
	d, _ := open(t)
	o := object(t, "gs://books/x.wav")
	for _, text := range []string{"one", "two"} {
		if err := d.Check(o); err != nil {
			t.Fatal(err)
		}
		if err := stage(t, d, "id"+text, o, text).Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(d.Path(o)); string(got) != "two" {
		t.Fatalf("object holds %q", got)
	}
}

func TestCheckFindsFoldersInTheWay(t *testing.T) {
	d, _ := open(t)
	if err := stage(t, d, "op", object(t, "gs://books/a/b"), "x").Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, uri := range []string{"gs://books/a", "gs://books/a/b/c"} {
		if err := d.Check(object(t, uri)); !fault.Is(err, fault.FailedPrecondition) {
			t.Errorf("Check(%s) = %v, want FAILED_PRECONDITION", uri, err)
		}
	}
}

func TestNoLinkLeadsOut(t *testing.T) {
	d, dir := open(t)
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "buckets", "books")); err != nil {
		t.Fatal(err)
	}
	u := stage(t, d, "op", object(t, "gs://books/x.wav"), "x")
	if err := u.Commit(t.Context()); err == nil {
		t.Error("committed through a link that leads out of the root")
	}
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
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

// An object far larger than what is kept of it in memory is written in pieces
// that fit no window, and comes back byte by byte.
func TestUploadLargerThanMemoryKept(t *testing.T) {
	d, dir := open(t)
	o := object(t, "gs://books/large.wav")
	u, err := d.Stage("op9", o)
	if err != nil {
		t.Fatal(err)
	}
	const room = 44
	want := bytes.Repeat([]byte("h"), room)
	if err := u.Reserve(room); err != nil {
		t.Fatal(err)
	}
	noise := rand.New(rand.NewPCG(1, 2))
	for len(want) < 70<<20 {
		piece := make([]byte, 1+noise.IntN(3<<20))
		for i := 0; i+8 <= len(piece); i += 8 {
			binary.LittleEndian.PutUint64(piece[i:], noise.Uint64())
		}
		if n, err := u.Write(piece); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
		want = append(want, piece...)
	}
	if err := u.Fill(want[:room]); err != nil {
		t.Fatal(err)
	}
	if err := u.Seal(); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "buckets", "books", "large.wav"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%d bytes came back of %d, or other ones", len(got), len(want))
	}
}
