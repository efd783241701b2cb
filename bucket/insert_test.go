package bucket_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
	lrodriver "github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/sqlite"
)

// always lets an object be replaced or removed.
func always(*bucket.Attributes) error { return nil }

// insert writes an object from outside of any operation.
func insert(t *testing.T, s *bucket.Store, o bucket.Object, content string, may bucket.Condition) (bucket.Attributes, error) {
	t.Helper()
	i, err := s.Insert(t.Context(), o)
	if err != nil {
		return bucket.Attributes{}, err
	}
	if _, err := io.WriteString(i.Body(t.Context()), content); err != nil {
		t.Fatal(err)
	}
	return i.Show(t.Context(), may)
}

// mustBeSwept fails unless exactly these ids are what a start discards.
func mustBeSwept(t *testing.T, s *bucket.Store, want ...string) {
	t.Helper()
	if ids, err := s.Kept(t.Context()); err != nil || !slices.Equal(ids, want) {
		t.Errorf("a start would discard %v, %v; want %v", ids, err, want)
	}
}

func mustHoldNothingStaged(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(filepath.Join(dir, "staging")); err != nil || len(left) > 0 {
		t.Errorf("staged: %v, %v", left, err)
	}
}

// What a crash has left of an upload goes when a day is over.
func TestLeftUploadsAreSwept(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	i, err := s.Insert(t.Context(), object(t, "gs://books/a.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Discard(t.Context())
	staged, err := os.ReadDir(filepath.Join(dir, "staging"))
	if err != nil || len(staged) != 1 {
		t.Fatal(staged, err)
	}
	id, _, _ := strings.Cut(staged[0].Name(), ".")
	now := strconv.FormatInt(time.Now().Unix(), 36)
	if !strings.Contains(id, now[:5]) {
		t.Fatalf("the id %s does not tell when it began: %s", id, now)
	}
	var want []string
	for _, ago := range []time.Duration{23 * time.Hour, 25 * time.Hour, 1000 * time.Hour} {
		began := time.Now().Add(-ago).Unix()
		other := "in" + strconv.FormatInt(began, 36) + id[2+len(now):]
		stage(t, s, other, object(t, "gs://books/x.wav"), "sound", "")
		if ago > 24*time.Hour {
			want = append(want, other)
		}
	}
	operation := "in" + now + strings.Repeat("a", 26-2-len(now)) // has the length of one
	stage(t, s, operation, object(t, "gs://books/y.wav"), "sound", "")
	want = append(want, operation)
	slices.Sort(want)
	mustBeSwept(t, s, want...)
}

func TestInsertShowsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	book := object(t, "gs://books/a/book.txt")
	i, err := s.Insert(t.Context(), book)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(i.Body(t.Context()), "wor"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat(t.Context(), book); !fault.Is(err, fault.NotFound) {
		t.Errorf("half of it: %v", err)
	}
	mustBeSwept(t, s) // by no server that starts meanwhile
	if _, err := io.WriteString(i.Body(t.Context()), "ds"); err != nil {
		t.Fatal(err)
	}
	first, err := i.Show(t.Context(), func(now *bucket.Attributes) error {
		if now != nil {
			t.Errorf("before it there was %+v", now)
		}
		return nil
	})
	if err != nil || first.Size != 5 || holds(t, d, "books/a/book.txt") != "words" {
		t.Errorf("%+v, %v, %q", first, err, holds(t, d, "books/a/book.txt"))
	}
	refusal := errors.New("no")
	_, err = insert(t, s, book, "others", func(now *bucket.Attributes) error {
		if now == nil || *now != first {
			t.Errorf("before it there was %+v, not %+v", now, first)
		}
		return refusal
	})
	if !errors.Is(err, refusal) || holds(t, d, "books/a/book.txt") != "words" {
		t.Errorf("refused, %v, it holds %q", err, holds(t, d, "books/a/book.txt"))
	}
	if i, err = s.Insert(t.Context(), book); err != nil {
		t.Fatal(err)
	}
	if err := i.Discard(t.Context()); err != nil {
		t.Error(err)
	}
	mustHoldNothingStaged(t, dir)
	if _, err := s.Insert(t.Context(), object(t, "gs://books/a")); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("where a folder is: %v", err)
	}
}

// namesIn are names that a store of operations keeps.
type namesIn struct{ store lrodriver.Store }

func (n namesIn) Hold(ctx context.Context, name bucket.Name) (release func(), err error) {
	release, err = n.store.Hold(ctx, []lrodriver.Name{lrodriver.Name(name)})
	if errors.As(err, new(lrodriver.TakenError)) {
		err = bucket.ErrTaken
	}
	return release, err
}

// What an operation under way writes is neither replaced nor removed, nor is its
// bucket; what it does not write is.
func TestChangesRespectNames(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	store, err := sqlite.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s.Respect(namesIn{store})
	reserve := func(o bucket.Object, extensions []string) (release func(), err error) {
		var names []lrodriver.Name
		for _, n := range bucket.NamesOf(o, extensions) {
			names = append(names, lrodriver.Name(n))
		}
		return store.Hold(t.Context(), names)
	}
	book := object(t, "gs://books/book.wav")
	stage(t, s, "earlier", book, "sound", "words").Commit(t.Context())
	begun, err := s.Insert(t.Context(), book) // before the operation
	if err != nil {
		t.Fatal(err)
	}
	release, err := reserve(book, []string{".srt"})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, err error) {
		t.Helper()
		if !fault.Is(err, fault.Aborted) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = begun.Show(t.Context(), always)
	refused("showing", err)
	for _, name := range []string{"gs://books/book.wav", "gs://books/book.srt"} {
		_, err := insert(t, s, object(t, name), "x", always)
		refused("inserting "+name, err)
		refused("removing "+name, s.Remove(t.Context(), object(t, name), always))
	}
	_, err = insert(t, s, object(t, "gs://books/book.wav/x"), "x", always)
	if err == nil {
		t.Error("inserted below the object")
	}
	refused("removing the bucket", s.RemoveBucket(t.Context(), "books"))
	if holds(t, d, "books/book.wav") != "sound" || holds(t, d, "books/book.srt") != "words" {
		t.Error("something was changed")
	}
	if _, err := insert(t, s, object(t, "gs://books/other.wav"), "x", always); err != nil {
		t.Error(err)
	}
	release()
	for _, name := range []string{"book.wav", "book.srt", "other.wav"} {
		if err := s.Remove(t.Context(), object(t, "gs://books/"+name), always); err != nil {
			t.Error(err)
		}
	}
	if err := s.RemoveBucket(t.Context(), "books"); err != nil {
		t.Error(err)
	}
	if _, err := reserve(book, nil); err != nil {
		t.Errorf("a change has left its name: %v", err)
	}
	mustHoldNothingStaged(t, dir)
}

func TestRemoveAsksFirst(t *testing.T) {
	s, _ := open(t, t.TempDir())
	book, refusal := object(t, "gs://books/book.wav"), errors.New("no")
	if err := s.Remove(t.Context(), book, always); !fault.Is(err, fault.NotFound) {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := insert(t, s, book, "sound", always); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), book, func(now *bucket.Attributes) error { return refusal }); !errors.Is(err, refusal) {
		t.Errorf("refused: %v", err)
	}
	if _, err := s.Stat(t.Context(), book); err != nil {
		t.Error(err)
	}
}

// Names are those of the buckets wherever these are; files of other names are not
// objects.
func TestListNamesAndBuckets(t *testing.T) {
	dir, at := t.TempDir(), t.TempDir()
	d, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	mapped, err := file.OpenBucket(at)
	if err != nil {
		t.Fatal(err)
	}
	s := bucket.New(bucket.Config{All: d, Mapped: map[string]driver.Store{"mapped": mapped}, Scratch: d.Scratch()})
	defer s.Close()
	for _, name := range []string{"mapped", "Books", "..", "", "a/b"} {
		if err := s.MakeBucket(t.Context(), name); err == nil {
			t.Errorf("%q was made", name)
		}
	}
	if err := s.MakeBucket(t.Context(), "empty"); err != nil {
		t.Fatal(err)
	}
	if err := s.MakeBucket(t.Context(), "empty"); !fault.Is(err, fault.AlreadyExists) {
		t.Errorf("again: %v", err)
	}
	for _, uri := range []string{"gs://mapped/a/x", "gs://books/a/x", "gs://mapped/b", "gs://books/b"} {
		if _, err := insert(t, s, object(t, uri), uri, always); err != nil {
			t.Fatal(err)
		}
	}
	for _, odd := range []string{filepath.Join(at, "a", "back\\slash"), filepath.Join(dir, "buckets", "books", "a", "line\nbreak")} {
		if err := os.WriteFile(odd, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "buckets", "NoBucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mapped", "books"} {
		var all []string
		for after, pages := "", 0; ; pages++ {
			entries, next, err := s.List(t.Context(), name, bucket.Listing{Folders: pages == 0, Limit: 1, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				all = append(all, e.Name)
				if e.Folder != (e.Name == "a/") || e.Bucket != name {
					t.Errorf("%+v", e)
				}
			}
			if after = next; next == "" {
				break
			}
		}
		if want := []string{"a/", "a/x", "b"}; !slices.Equal(all, want) {
			t.Errorf("%s lists %q, want %q", name, all, want)
		}
		entries, _, err := s.List(t.Context(), name, bucket.Listing{Prefix: "a/", From: "a/x", Limit: 10})
		if err != nil || len(entries) != 1 || entries[0].String() != "gs://"+name+"/a/x" {
			t.Errorf("%s lists %v (%v)", name, entries, err)
		}
	}
	var all []string
	for after := ""; ; {
		page, err := s.Buckets(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		all = append(all, page...)
		after = page[len(page)-1]
	}
	if want := []string{"books", "empty", "mapped"}; !slices.Equal(all, want) {
		t.Errorf("there are %q, want %q", all, want)
	}
	for name, code := range map[string]fault.Code{"mapped": fault.FailedPrecondition, "books": fault.FailedPrecondition, "nosuch": fault.NotFound} {
		if err := s.RemoveBucket(t.Context(), name); !fault.Is(err, code) {
			t.Errorf("removing %s: %v", name, err)
		}
	}
	if err := s.RemoveBucket(t.Context(), "empty"); err != nil {
		t.Error(err)
	}
}
