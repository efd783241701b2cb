package bucket_test

import (
	"os"
	"slices"
	"testing"

	"github.com/lectern/lectern/fault"
)

// An object of the same name, even of the same bytes, is not the outcome.
func TestCommittedGoesByIdentity(t *testing.T) {
	d, _ := open(t)
	o := object(t, "gs://books/x.wav")
	if err := stage(t, d, "old", o, "sound").Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	u := stage(t, d, "new", o, "sound")
	if done, err := d.Committed("new", o, u.Receipt()); done || err != nil {
		t.Errorf("with an older object there: %v, %v", done, err)
	}
	if err := d.Discard("new"); err != nil {
		t.Fatal(err)
	}
	for _, receipt := range [][]byte{u.Receipt(), nil} {
		if done, err := d.Committed("new", o, receipt); done || err != nil {
			t.Errorf("with nothing staged: %v, %v", done, err)
		}
	}
	again := stage(t, d, "new", o, "sound")
	if err := again.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Committed("new", o, again.Receipt()); !done || err != nil {
		t.Errorf("after the commit: %v, %v", done, err)
	}
	if err := os.WriteFile(d.Path(o), []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Committed("new", o, again.Receipt()); done || err != nil {
		t.Errorf("after somebody has changed it: %v, %v", done, err)
	}
}

// What is staged or in scratch is known by its operation.
func TestKept(t *testing.T) {
	d, _ := open(t)
	staged(t, d, object(t, "gs://books/x.wav"))
	f, err := d.CreateScratch("op2", "0-1-1")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if ids, err := d.Kept(); err != nil || !slices.Equal(ids, []string{"op1", "op2"}) {
		t.Errorf("%v, %v", ids, err)
	}
}

// A folder that comes into the way is told as Check tells it.
func TestCommitMeetsAFolder(t *testing.T) {
	d, _ := open(t)
	o := object(t, "gs://books/x")
	u := stage(t, d, "op", o, "sound")
	if err := stage(t, d, "other", object(t, "gs://books/x/y"), "x").Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(t.Context()); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("the error is %v", err)
	}
}
