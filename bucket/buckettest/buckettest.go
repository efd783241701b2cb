// Package buckettest proves implementations of bucket/driver: [Run] a store of
// objects, [RunScratch] scratch. A driver has almost no other tests.
//
// Each case opens the same place several times, as the processes of several
// machines do, and lets some of them die: whoever dies just makes no further
// call.
package buckettest

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket/driver"
)

// Harness is a place for objects of a test's own, empty at first.
type Harness struct {
	// Open opens the place once more, for another process. The harness closes
	// what it has opened.
	Open func(t *testing.T) driver.Store
	// Shown is what the world sees there: the contents of all objects by their
	// keys, hidden ones left out.
	Shown func(t *testing.T) map[string][]byte
	// Left is what is there besides: names of anything hidden or unfinished.
	Left func(t *testing.T) []string
}

// Run runs the suite; open makes a place for each case.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, h harness)
	}{
		{"shows whole or not at all", wholeOrNot},
		{"another node commits", anotherNode},
		{"killed between every two calls", killed},
		{"a zombie seals late", zombie},
		{"a commit races the question", races},
		{"an ambiguous commit", ambiguous},
		{"identity, not names", identity},
		{"objects are replaced", replaced},
		{"names", names},
		{"captions", captions},
		{"what is kept is discarded", kept},
		{"heads come last", heads},
		{"large objects", large},
		{"a cancel ends the writing", cancelled},
		{"the operator is told", probe},
		{"what shows is read", reads},
		{"what shows is listed", lists},
		{"pages go through all", pages},
		{"what shows is removed", removes},
		{"an empty folder is none", emptied},
		{"buckets", bucketsOf},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, harness{open(t)}) })
	}
}

type harness struct{ Harness }

// place is where an object of this name stands.
func place(name string) driver.Place {
	return driver.Place{Object: driver.Object{Bucket: "books", Name: name}, Key: "books/" + name}
}

// attempt is the attempt of this number of the operation "op".
func attempt(number, name string) driver.Attempt {
	return driver.Attempt{Operation: "op", Number: number, Place: place(name)}
}

// begin begins an attempt and writes content.
func begin(t *testing.T, d driver.Store, a driver.Attempt, content string) driver.Upload {
	t.Helper()
	u, err := d.Begin(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Body(t.Context()).Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	return u
}

// seal seals an upload. The receipt has been through what keeps it.
func seal(t *testing.T, u driver.Upload, head string) driver.Receipt {
	t.Helper()
	r, err := u.Seal(t.Context(), []byte(head))
	if err != nil {
		t.Fatal(err)
	}
	return through(t, r)
}

func through(t *testing.T, r driver.Receipt) (read driver.Receipt) {
	t.Helper()
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 8<<10 {
		t.Errorf("a receipt of %d bytes", len(b))
	}
	return read
}

func commit(t *testing.T, d driver.Store, r driver.Receipt) {
	t.Helper()
	if err := d.Commit(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// mustShow fails unless exactly these objects are seen, names and contents by
// turns.
func (h harness) mustShow(t *testing.T, want ...string) {
	t.Helper()
	shown := h.Shown(t)
	for i := 0; i < len(want); i += 2 {
		got, ok := shown["books/"+want[i]]
		if !ok || string(got) != want[i+1] {
			t.Errorf("%.60s shows %.40q, %d bytes, want %.40q", want[i], got, len(got), want[i+1])
		}
	}
	if len(shown) != len(want)/2 {
		t.Errorf("%d objects are seen, want %d", len(shown), len(want)/2)
	}
}

// mustHoldNothing fails when anything is left but what is shown.
func (h harness) mustHoldNothing(t *testing.T) {
	t.Helper()
	if left := h.Left(t); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func mustBeCommitted(t *testing.T, d driver.Store, r driver.Receipt, want bool) {
	t.Helper()
	if got, err := d.Committed(t.Context(), r); err != nil || got != want {
		t.Errorf("committed: %v, %v; want %v", got, err, want)
	}
}

func discard(t *testing.T, d driver.Store) {
	t.Helper()
	discardOf(t, d, "op")
}

func discardOf(t *testing.T, d driver.Store, operation string) {
	t.Helper()
	if err := d.Discard(t.Context(), operation); err != nil {
		t.Error(err)
	}
}

// noise is bytes that are the same for the same seed.
func noise(seed uint64, n int) []byte {
	source := rand.NewChaCha8([32]byte{byte(seed)})
	b := make([]byte, n)
	source.Read(b)
	return b
}

func probe(t *testing.T, h harness) {
	if err := h.Open(t).Probe(t.Context()); err != nil {
		t.Error(err)
	}
	h.mustShow(t)
	h.mustHoldNothing(t)
}

func names(t *testing.T, h harness) {
	d := h.Open(t)
	part := strings.Repeat("x", 200)
	for _, name := range []string{"a", "Été/part 1.wav", "a b+c&d?e#f%20", "..x/x..", strings.Repeat(part+"/", 4) + part} {
		p := place(name)
		if err := d.Check(t.Context(), p); err != nil {
			if len(name) < 1000 {
				t.Errorf("%.40s: %v", name, err)
			}
			continue // told, so nobody begins it
		}
		a := attempt("1", name)
		r := seal(t, begin(t, d, a, name), "")
		commit(t, d, r)
		mustBeCommitted(t, d, r, true)
		if got := h.Shown(t)[p.Key]; !bytes.Equal(got, []byte(name)) {
			t.Errorf("%.40s holds %.40q", name, got)
		}
	}
	if err := d.Check(t.Context(), driver.Place{Object: driver.Object{Bucket: driver.Hidden, Name: "x"}, Key: driver.Hidden + "/x"}); err == nil {
		t.Log("hidden keys are ordinary ones here")
	}
}

func kept(t *testing.T, h harness) {
	d := h.Open(t)
	begin(t, d, attempt("1", "a.wav"), "half")
	other := attempt("2", "b.wav")
	other.Operation = "other"
	r := seal(t, begin(t, d, other, "whole"), "")
	again := h.Open(t)
	ids, err := again.Kept(t.Context())
	if err != nil || !slices.Contains(ids, "other") {
		t.Errorf("kept: %v, %v", ids, err)
	}
	for range 2 {
		for _, id := range ids {
			if id != "other" {
				discardOf(t, again, id)
			}
		}
	}
	commit(t, again, r) // of the other operation
	h.mustShow(t, "b.wav", "whole")
	discardOf(t, again, "other")
	h.mustShow(t, "b.wav", "whole")
	h.mustHoldNothing(t)
	if ids, err := again.Kept(t.Context()); err != nil || len(ids) > 0 {
		t.Errorf("kept in the end: %v, %v", ids, err)
	}
}

func cancelled(t *testing.T, h harness) {
	d := h.Open(t)
	u, err := d.Begin(t.Context(), attempt("1", "a.wav"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	body := u.Body(ctx)
	if _, err := body.Write([]byte("some")); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := u.Abort(context.WithoutCancel(ctx)); err != nil {
		t.Error(err)
	}
	if err := u.Abort(context.WithoutCancel(ctx)); err != nil {
		t.Errorf("the second time: %v", err)
	}
	h.mustShow(t)
	discard(t, d)
	h.mustHoldNothing(t)
}
