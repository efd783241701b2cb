package buckettest

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// show has an object show.
func show(t *testing.T, d driver.Store, name, content string) driver.Receipt {
	t.Helper()
	a := attempt("1", name)
	a.Operation = "put"
	r := seal(t, begin(t, d, a, content), "")
	commit(t, d, r)
	return r
}

// mustNotShow fails unless err says that no object shows.
func mustNotShow(t *testing.T, what string, err error) {
	t.Helper()
	if driver.ClassOf(err) != driver.Gone {
		t.Errorf("%s: %v, of class %q", what, err, driver.ClassOf(err))
	}
}

func reads(t *testing.T, h harness) {
	d := h.Open(t)
	content := string(noise(1, 300_000))
	r := seal(t, begin(t, d, attempt("1", "a/b.wav"), content), "")
	for name := range map[string]bool{"a/b.wav": true, "a": true, "a/b.wav/c": true, "a/../a/b.wav": true, strings.Repeat("x", 300): true} {
		_, err := d.Open(t.Context(), place(name))
		mustNotShow(t, "opening "+name, err)
		_, err = d.Stat(t.Context(), place(name))
		mustNotShow(t, "asking for "+name, err)
	}
	commit(t, d, r)
	for _, name := range []string{"a", "a/b.wav/c", "a/b"} {
		_, err := d.Stat(t.Context(), place(name))
		mustNotShow(t, "asking for "+name, err)
	}
	open, err := h.Open(t).Open(t.Context(), place("a/b.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	told, err := d.Stat(t.Context(), place("a/b.wav"))
	if err != nil || told != open.Attributes() || told.Size != int64(len(content)) || told.Generation < 1 || told.Generation > 1<<53 || told.Changed.IsZero() {
		t.Errorf("it is told of %+v (%v), and opened as %+v", told, err, open.Attributes())
	}
	for _, at := range []int{0, 1000, 1100, 250_000, 5} {
		p := make([]byte, 100)
		if n, err := open.ReadAt(p, int64(at)); n != 100 || err != nil || string(p) != content[at:at+100] {
			t.Errorf("100 bytes at %d: %d, %v", at, n, err)
		}
	}
	p := make([]byte, 100)
	if n, err := open.ReadAt(p, int64(len(content)-10)); n != 10 || err != io.EOF || string(p[:n]) != content[len(content)-10:] {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if n, err := open.ReadAt(p, int64(len(content))); n != 0 || err != io.EOF {
		t.Errorf("behind the end: %d, %v", n, err)
	}
	// What is open is not mixed with what replaces it.
	b := attempt("2", "a/b.wav")
	b.Operation = "other"
	commit(t, d, seal(t, begin(t, d, b, strings.Repeat("x", 400_000)), ""))
	all := make([]byte, 10)
	for at := int64(0); at < open.Attributes().Size; at += 100_000 {
		if _, err := open.ReadAt(all, at); err == nil && bytes.Contains(all, []byte("xxxx")) {
			t.Errorf("at %d it reads of another object", at)
		}
	}
	if now, err := d.Stat(t.Context(), place("a/b.wav")); err != nil || now.Generation == told.Generation {
		t.Errorf("the next object has the generation %d, after %d (%v)", now.Generation, told.Generation, err)
	}
}

// listed are the keys that are told, without the bucket.
func listed(t testing.TB, d driver.Store, l driver.Listing) []string {
	t.Helper()
	l.Prefix = "books/" + l.Prefix
	for _, at := range []*string{&l.From, &l.After} {
		if *at != "" {
			*at = "books/" + *at
		}
	}
	entries, err := d.List(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, strings.TrimPrefix(e.Key, "books/"))
		if e.IsFolder() != (e.Attributes == driver.Attributes{}) {
			t.Errorf("%s is told with %+v", e.Key, e.Attributes)
		}
		if e.IsFolder() {
			continue
		}
		name := strings.TrimPrefix(e.Key, "books/")
		if now, err := d.Stat(t.Context(), place(name)); err != nil || now.Generation != e.Generation || now.Size != e.Size {
			t.Errorf("%s is listed as %+v, and asked for it is %+v (%v)", e.Key, e.Attributes, now, err)
		}
	}
	return names
}

// lists holds a store to the rule of listings in its plainest form.
func lists(t *testing.T, h harness) {
	d := h.Open(t)
	names := []string{"a-b", "a.wav", "a/b", "a/b-c", "a/c/d", "a0", "b/c/d/e", "Été/1", "é", "z"}
	for _, name := range names {
		show(t, d, name, name)
	}
	begin(t, d, attempt("1", "unseen"), "half")
	seal(t, begin(t, d, attempt("2", "a/unseen"), "whole"), "")
	slices.Sort(names)
	parts := rapid.SampledFrom([]string{"", "", "a", "a/", "a/b", "a/c", "a/c/", "b", "b/c/d/", "é", "É", "a.", "z", "zz", "nothing/", "/", "//", "../", "a/../"})
	rapid.Check(t, func(r *rapid.T) {
		l := driver.Listing{
			Prefix: parts.Draw(r, "prefix"), From: parts.Draw(r, "from"), After: parts.Draw(r, "after"),
			Folders: rapid.Bool().Draw(r, "folders"), Limit: rapid.IntRange(1, 12).Draw(r, "limit"),
		}
		want := []string{}
		for _, name := range names {
			rest, ok := strings.CutPrefix(name, l.Prefix)
			if !ok || name < l.From {
				continue
			}
			if slash := strings.IndexByte(rest, '/'); l.Folders && slash >= 0 {
				name = l.Prefix + rest[:slash+1]
			}
			if name > l.After && len(want) < l.Limit && !slices.Contains(want, name) {
				want = append(want, name)
			}
		}
		if got := listed(t, d, l); !slices.Equal(got, want) {
			r.Fatalf("%+v lists %q, want %q", l, got, want)
		}
	})
	if all, err := h.Open(t).List(t.Context(), driver.Listing{Folders: true, Limit: 10}); err != nil || len(all) != 1 || all[0].Key != "books/" {
		t.Errorf("at the top there are %v (%v)", all, err)
	}
	discard(t, d)
}

// pages go through more objects than a page has, while others come and go.
func pages(t *testing.T, h harness) {
	d := h.Open(t)
	var names []string
	var putting sync.WaitGroup
	for i := range 60 {
		name := fmt.Sprintf("folder %d/%02d.wav", i%4, i)
		names = append(names, name)
		putting.Go(func() {
			a := attempt("1", name)
			a.Operation = fmt.Sprint("put", i)
			u, err := d.Begin(t.Context(), a)
			if err != nil {
				t.Error(err)
				return
			}
			r, err := u.Seal(t.Context(), nil)
			if err == nil {
				err = d.Commit(t.Context(), r)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	putting.Wait()
	slices.Sort(names)
	var all []string
	for after := ""; ; {
		page := listed(t, d, driver.Listing{After: after, Limit: 7})
		if len(page) == 0 {
			break
		}
		all = append(all, page...)
		after = page[len(page)-1]
		if len(all) == 14 { // behind and before the place where it stands
			show(t, d, "folder 0/000.wav", "new")
			if err := d.Remove(t.Context(), place(names[40])); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := slices.Delete(names, 40, 41); !slices.Equal(all, want) {
		t.Errorf("page by page there are %d: %q", len(all), all)
	}
}

func removes(t *testing.T, h harness) {
	d := h.Open(t)
	mustNotShow(t, "removing nothing", d.Remove(t.Context(), place("a.wav")))
	r := show(t, d, "a.wav", "sound")
	companion := attempt("1", "a.srt")
	companion.Suffix, companion.Owner = ".srt", place("a.wav").Object
	companion.Operation = "put"
	commit(t, d, seal(t, begin(t, d, companion, "words"), ""))
	later := seal(t, begin(t, d, attempt("2", "a.wav"), "later"), "")
	for _, name := range []string{"a.wav", "a.srt"} { // captions are objects, too
		if err := h.Open(t).Remove(t.Context(), place(name)); err != nil {
			t.Fatal(err)
		}
		mustNotShow(t, "removing it again", d.Remove(t.Context(), place(name)))
	}
	h.mustShow(t)
	mustBeCommitted(t, d, r, false)
	commit(t, d, later) // what was sealed meanwhile is still to come
	h.mustShow(t, "a.wav", "later")
	// Whatever comes under the name of captions is not the object's any more.
	show(t, d, "a.srt", "an object")
	if shown, belongs, err := d.Belongs(t.Context(), companion.Place, companion.Owner); !shown || belongs || err != nil {
		t.Errorf("%v, %v, %v", shown, belongs, err)
	}
	discard(t, d)
	discardOf(t, d, "put")
	h.mustHoldNothing(t)
}

// emptied: where objects have been, nothing stands in the way or is listed; and to
// remove one does not take the folder from another that is just being shown.
func emptied(t *testing.T, h harness) {
	d, other := h.Open(t), h.Open(t)
	show(t, d, "a/b/c.wav", "sound")
	if err := d.Remove(t.Context(), place("a/b/c.wav")); err != nil {
		t.Fatal(err)
	}
	if all := listed(t, d, driver.Listing{Folders: true, Limit: 10}); len(all) > 0 {
		t.Errorf("listed: %q", all)
	}
	if err := d.Check(t.Context(), place("a/b")); err != nil {
		t.Error(err)
	}
	for i := range 20 {
		show(t, d, "f/g/old", "old")
		a := attempt(fmt.Sprint(i), "f/g/new")
		a.Operation = "new"
		r := seal(t, begin(t, other, a, "new"), "")
		var racing sync.WaitGroup
		racing.Go(func() {
			if err := d.Remove(t.Context(), place("f/g/old")); err != nil {
				t.Error(err)
			}
		})
		if err := other.Commit(t.Context(), r); err != nil {
			t.Errorf("beside a removal: %v", err)
		}
		racing.Wait()
		h.mustShow(t, "f/g/new", "new")
		if err := other.Remove(t.Context(), place("f/g/new")); err != nil {
			t.Fatal(err)
		}
	}
}

func bucketsOf(t *testing.T, h harness) {
	d := h.Open(t)
	must := func(want ...string) {
		t.Helper()
		var all []string
		for after := ""; ; after = all[len(all)-1] {
			page, err := h.Open(t).Buckets(t.Context(), after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
		}
		if !slices.Equal(all, want) {
			t.Errorf("there are the buckets %q, want %q", all, want)
		}
		for _, name := range []string{"books", "empty", "other", "other-1"} {
			if there, err := d.Bucket(t.Context(), name); err != nil || there != slices.Contains(want, name) {
				t.Errorf("%s is there: %v, %v", name, there, err)
			}
		}
	}
	must()
	for _, name := range []string{"other-1", "empty", "other", "empty"} {
		if err := d.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	show(t, d, "a/b.wav", "sound")
	must("books", "empty", "other", "other-1")
	if err := d.RemoveBucket(t.Context(), "books"); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("removing one that is not empty: %v", err)
	}
	if err := d.Remove(t.Context(), place("a/b.wav")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, name := range []string{"empty", "books"} {
			if err := d.RemoveBucket(t.Context(), name); err != nil {
				t.Errorf("removing %s: %v", name, err)
			}
		}
	}
	must("other", "other-1")
	h.mustShow(t)
}
