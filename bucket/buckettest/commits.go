package buckettest

import (
	"sync"
	"testing"

	"github.com/lectern/lectern/bucket/driver"
)

func wholeOrNot(t *testing.T, h harness) {
	d := h.Open(t)
	u := begin(t, d, attempt("1", "a/b/c.wav"), "so")
	h.mustShow(t)
	if _, err := u.Body(t.Context()).Write([]byte("und")); err != nil {
		t.Fatal(err)
	}
	h.mustShow(t)
	r := seal(t, u, "")
	h.mustShow(t)
	if r.Size != 5 {
		t.Errorf("the receipt tells of %d bytes", r.Size)
	}
	commit(t, d, r)
	h.mustShow(t, "a/b/c.wav", "sound")
	mustBeCommitted(t, d, r, true)
	if err := u.Abort(t.Context()); err != nil { // of what shows by now
		t.Error(err)
	}
	discard(t, d)
	h.mustShow(t, "a/b/c.wav", "sound")
	h.mustHoldNothing(t)
}

func anotherNode(t *testing.T, h harness) {
	here, there := h.Open(t), h.Open(t)
	r := seal(t, begin(t, here, attempt("1", "a.wav"), "sound"), "")
	commit(t, there, r)
	h.mustShow(t, "a.wav", "sound")
	for _, d := range []driver.Store{here, there} {
		mustBeCommitted(t, d, r, true)
	}
	dropped := seal(t, begin(t, here, attempt("2", "b.wav"), "sound"), "")
	for range 2 {
		if err := there.Abort(t.Context(), dropped); err != nil {
			t.Error(err)
		}
	}
	if err := here.Commit(t.Context(), dropped); err == nil {
		t.Error("what another node has dropped was committed")
	} else if driver.ClassOf(err) != driver.Gone {
		t.Errorf("committing what another node has dropped: %v, of class %q", err, driver.ClassOf(err))
	}
	h.mustShow(t, "a.wav", "sound")
	discard(t, here)
	h.mustHoldNothing(t)
}

// killed lets a process die after each of its calls. Another one then finds out,
// cleans up, and does it again.
func killed(t *testing.T, h harness) {
	const written, sealed, committed = 1, 2, 3 // and 0: it has only begun
	for dies, name := range []string{"a", "b", "c", "d"} {
		var before []string
		for _, earlier := range []string{"a", "b", "c", "d"}[:dies] {
			before = append(before, earlier, "second")
		}
		first, second := h.Open(t), h.Open(t)
		var r driver.Receipt
		u, err := first.Begin(t.Context(), attempt("1", name))
		if err != nil {
			t.Fatal(err)
		}
		if dies >= written {
			if _, err := u.Body(t.Context()).Write([]byte("first")); err != nil {
				t.Fatal(err)
			}
		}
		if dies >= sealed {
			r = seal(t, u, "")
		}
		if dies >= committed {
			commit(t, first, r)
			h.mustShow(t, append(before, name, "first")...)
		} else {
			h.mustShow(t, before...)
		}
		if dies >= sealed { // else nobody has a receipt
			mustBeCommitted(t, second, r, dies == committed)
		}
		again := seal(t, begin(t, second, attempt("2", name), "second"), "")
		commit(t, second, again)
		h.mustShow(t, append(before, name, "second")...)
		discard(t, second)
		h.mustHoldNothing(t)
	}
}

// zombie is thought dead, and goes on when its successor is done.
func zombie(t *testing.T, h harness) {
	late, successor := h.Open(t), h.Open(t)
	u := begin(t, late, attempt("1", "a.wav"), "late")
	r := seal(t, begin(t, successor, attempt("2", "a.wav"), "right"), "")
	commit(t, successor, r)
	if lost, err := u.Seal(t.Context(), nil); err == nil { // it may well be refused
		if err := late.Abort(t.Context(), through(t, lost)); err != nil {
			t.Error(err)
		}
	}
	if err := u.Abort(t.Context()); err != nil {
		t.Error(err)
	}
	h.mustShow(t, "a.wav", "right")
	mustBeCommitted(t, successor, r, true)
	discard(t, successor)
	h.mustShow(t, "a.wav", "right")
	h.mustHoldNothing(t)
}

// races has one process commit while another asks whether it has. Whatever the
// answer is, it stays true.
func races(t *testing.T, h harness) {
	first, second := h.Open(t), h.Open(t)
	outcomes := map[bool]int{}
	for i := range 12 {
		number := string(rune('a' + i))
		r := seal(t, begin(t, first, attempt(number, number), "sound"), "")
		var racing sync.WaitGroup
		var refused error
		racing.Go(func() { refused = first.Commit(t.Context(), r) })
		yes, err := second.Committed(t.Context(), r)
		racing.Wait()
		if err != nil {
			t.Fatal(err)
		}
		_, shown := h.Shown(t)["books/"+number]
		if shown != yes || refused == nil && !yes {
			t.Errorf("it was said %v, Commit says %v, and the object shows: %v", yes, refused, shown)
		}
		outcomes[yes]++
	}
	t.Logf("outcomes: %v", outcomes)
	discard(t, first)
	h.mustHoldNothing(t)
}

func ambiguous(t *testing.T, h harness) {
	first, second := h.Open(t), h.Open(t)
	r := seal(t, begin(t, first, attempt("1", "a.wav"), "sound"), "")
	commit(t, first, r) // whose answer is lost
	commit(t, first, r)
	commit(t, second, r)
	mustBeCommitted(t, second, r, true)
	h.mustShow(t, "a.wav", "sound")
	discard(t, second)
	h.mustHoldNothing(t)
}

func identity(t *testing.T, h harness) {
	d := h.Open(t)
	older := attempt("1", "a.wav")
	older.Operation = "older"
	old := seal(t, begin(t, d, older, "sound"), "")
	commit(t, d, old)
	r := seal(t, begin(t, d, attempt("2", "a.wav"), "sound"), "")
	mustBeCommitted(t, d, old, true)
	mustBeCommitted(t, d, r, false)
	if err := d.Commit(t.Context(), r); err == nil {
		t.Error("committed after it was said never to be")
	}
	mustBeCommitted(t, d, old, true)
	h.mustShow(t, "a.wav", "sound")
	discard(t, d)
	h.mustHoldNothing(t)
}

func replaced(t *testing.T, h harness) {
	d := h.Open(t)
	one := seal(t, begin(t, d, attempt("1", "a.wav"), "a longer first one"), "")
	commit(t, d, one)
	other := attempt("2", "a.wav")
	other.Operation = "other"
	two := seal(t, begin(t, d, other, "second"), "")
	commit(t, d, two)
	h.mustShow(t, "a.wav", "second")
	mustBeCommitted(t, d, two, true)
	mustBeCommitted(t, d, one, false)
	h.mustShow(t, "a.wav", "second")
}

func captions(t *testing.T, h harness) {
	d := h.Open(t)
	book, stranger := place("a.wav"), place("a.json")
	a := attempt("1", "a.wav")
	b := attempt("1", "a.srt")
	b.Suffix, b.Owner = ".srt", book.Object
	sound, words := begin(t, d, a, "sound"), begin(t, d, b, "words")
	w, s := seal(t, words, ""), seal(t, sound, "")
	if shown, belongs, err := d.Belongs(t.Context(), b.Place, book.Object); shown || belongs || err != nil {
		t.Errorf("before the commit: %v, %v, %v", shown, belongs, err)
	}
	commit(t, d, s)
	h.mustShow(t, "a.wav", "sound")
	node := h.Open(t)
	for range 2 { // a crash in between
		commit(t, node, w)
	}
	h.mustShow(t, "a.wav", "sound", "a.srt", "words")
	belongs := func(p driver.Place, owner driver.Object, want bool) {
		t.Helper()
		if shown, got, err := h.Open(t).Belongs(t.Context(), p, owner); !shown || got != want || err != nil {
			t.Errorf("%s beside %s: shown %v, belongs %v, %v; want %v", p.Key, owner, shown, got, err, want)
		}
	}
	belongs(b.Place, book.Object, true)
	belongs(b.Place, place("a.ogg").Object, false)
	c := attempt("2", "a.json")
	c.Operation = "other"
	commit(t, d, seal(t, begin(t, d, c, "somebody's"), ""))
	belongs(stranger, book.Object, false)
	c = attempt("3", "a.srt") // an object of its own, where captions are
	c.Operation = "other"
	commit(t, d, seal(t, begin(t, d, c, "an object"), ""))
	belongs(b.Place, book.Object, false)
	discard(t, d)
	h.mustHoldNothing(t)
}
