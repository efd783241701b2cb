package bucket_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/lectern/lectern/bucket"
)

func TestZerosAreWritten(t *testing.T) {
	d, err := bucket.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	object := bucket.Object{Bucket: "books", Name: "a.wav"}
	u, err := d.Stage("op", object)
	if err != nil {
		t.Fatal(err)
	}
	write := func(s string) error { _, err := u.Write([]byte(s)); return err }
	const hole, end = 30 << 20, 100_000 // more than the windows that are handed to the disk
	if err := errors.Join(u.Reserve(4), write("abc"), u.WriteZeros(hole), write("def"), u.WriteZeros(end), u.Fill([]byte("HEAD")), u.Seal(), u.Commit(t.Context())); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(d.Path(object))
	want := "HEADabc" + string(make([]byte, hole)) + "def" + string(make([]byte, end))
	if err != nil || !bytes.Equal(got, []byte(want)) {
		t.Errorf("the object has %d bytes, want %d, or others, %v", len(got), len(want), err)
	}
}
