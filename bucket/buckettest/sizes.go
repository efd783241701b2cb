package buckettest

import (
	"bytes"
	"errors"
	"testing"
)

// heads writes what comes first last, in objects of less than a part and of
// several.
func heads(t *testing.T, h harness) {
	d := h.Open(t)
	if d.Ahead() == 0 {
		t.Skip("objects are written from their first byte here")
	}
	const head = "HEAD"
	var want []string
	for i, n := range []int{0, 3, 9 << 20, 21 << 20} {
		name := string(rune('a' + i))
		a := attempt(name, name)
		a.Head = len(head)
		body := noise(uint64(i), n)
		u := begin(t, d, a, string(body[:n/2]))
		if _, err := u.Body(t.Context()).Write(body[n/2:]); err != nil {
			t.Fatal(err)
		}
		r := seal(t, u, head)
		if r.Size != int64(len(head)+n) {
			t.Errorf("the receipt tells of %d bytes of %d", r.Size, len(head)+n)
		}
		commit(t, d, r)
		mustBeCommitted(t, d, r, true)
		want = append(want, name, head+string(body))
	}
	h.mustShow(t, want...)
	discard(t, d)
	h.mustHoldNothing(t)
}

// large writes more than a part, in pieces that fit none, with silence between.
func large(t *testing.T, h harness) {
	d := h.Open(t)
	u := begin(t, d, attempt("1", "large.wav"), "")
	body := u.Body(t.Context())
	var want bytes.Buffer
	for i, n := range []int{1, 5<<20 + 17, 300, 11 << 20, 1<<20 - 1} {
		piece := noise(uint64(i), n)
		zeros := make([]byte, 70_000*i)
		_, err := body.Write(piece)
		if err := errors.Join(err, body.WriteZeros(int64(len(zeros)))); err != nil {
			t.Fatal(err)
		}
		want.Write(piece)
		want.Write(zeros)
	}
	r := seal(t, u, "")
	if r.Size != int64(want.Len()) {
		t.Errorf("the receipt tells of %d bytes of %d", r.Size, want.Len())
	}
	commit(t, h.Open(t), r)
	h.mustShow(t, "large.wav", want.String())
	empty := seal(t, begin(t, d, attempt("2", "empty"), ""), "")
	commit(t, d, empty)
	h.mustShow(t, "large.wav", want.String(), "empty", "")
	discard(t, d)
	h.mustHoldNothing(t)
}
