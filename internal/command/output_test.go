package command

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, out output, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if n, err := out.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("wrote %d bytes, %v", n, err)
		}
	}
}

func TestStreamHoldsItsBeginningBack(t *testing.T) {
	var to bytes.Buffer
	out := &stream{to: &to}
	write(t, out, "head", "body")
	if to.Len() > 0 {
		t.Errorf("%q has left already", &to)
	}
	if !out.Replace([]byte("HEAD")) {
		t.Error("the head cannot be replaced")
	}
	write(t, out, "tail")
	if err := out.Close(); err != nil || to.String() != "HEADbodytail" {
		t.Errorf("%q, %v", &to, err)
	}
}

func TestLongStreamFlows(t *testing.T) {
	var to bytes.Buffer
	out := &stream{to: &to}
	write(t, out, "head", string(make([]byte, heldBack)))
	if to.Len() != 4+heldBack {
		t.Errorf("%d bytes have left, want all", to.Len())
	}
	if out.Replace([]byte("HEAD")) {
		t.Error("replaced what is gone")
	}
	write(t, out, "tail")
	if to.Len() != 8+heldBack {
		t.Errorf("%d bytes have left, want all", to.Len())
	}
	if err := out.Close(); err != nil || !bytes.HasPrefix(to.Bytes(), []byte("head")) {
		t.Errorf("%.8q, %v", to.Bytes(), err)
	}
}

// TestLiveStreamHoldsNothingBack: what is heard at once leaves at once.
func TestLiveStreamHoldsNothingBack(t *testing.T) {
	var to bytes.Buffer
	out := &stream{to: &to, live: true}
	write(t, out, "head")
	if to.String() != "head" || out.Replace([]byte("HEAD")) {
		t.Errorf("%q has left, or can be replaced", &to)
	}
	write(t, out, "body")
	if err := out.Close(); err != nil || to.String() != "headbody" {
		t.Errorf("%q, %v", &to, err)
	}
}

func TestFileAppearsWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "sound.wav")
	names := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	out, err := newFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, out, "head", "body")
	out.Discard()
	if left := names(); len(left) > 0 {
		t.Errorf("a discarded file left %v", left)
	}

	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if out, err = newFile(name); err != nil {
		t.Fatal(err)
	}
	write(t, out, "head", "body")
	if !out.Replace([]byte("HEAD")) {
		t.Error("the head cannot be replaced")
	}
	write(t, out, "tail")
	if b, err := os.ReadFile(name); err != nil || string(b) != "old" {
		t.Errorf("before Close there is %q, %v", b, err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	out.Discard()
	b, err := os.ReadFile(name)
	if left := names(); err != nil || string(b) != "HEADbodytail" || len(left) != 1 {
		t.Errorf("after Close there is %q, %v, among %v", b, err, left)
	}
	if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v; want the old file's", st.Mode(), err)
	}
}
