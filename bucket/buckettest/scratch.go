package buckettest

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/lectern/lectern/bucket/driver"
)

// RunScratch runs the suite of scratch. place makes a place for each case, which
// the function that it returns opens for another process.
func RunScratch(t *testing.T, place func(t *testing.T) (open func(t *testing.T) driver.Scratch)) {
	t.Run("what is written is read", func(t *testing.T) {
		open := place(t)
		here, there := open(t), open(t)
		want := append(noise(1, 200_000), make([]byte, 150_000)...)
		want = append(want, noise(2, 70_000)...)
		piece, err := here.Create(t.Context(), "op", "0-1-1")
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []func() error{
			func() error { _, err := piece.Write(want[:200_000]); return err },
			func() error { return piece.WriteZeros(150_000) },
			func() error { _, err := piece.Write(want[350_000:]); return err },
			piece.Close,
			piece.Abandon, // after Close it does nothing
		} {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range []driver.Scratch{here, there} {
			mustRead(t, s, want)
		}
	})
	t.Run("what is abandoned is not there", func(t *testing.T) {
		s := place(t)(t)
		piece, err := s.Create(t.Context(), "op", "0-1-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := piece.Write([]byte("half")); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := piece.Abandon(); err != nil {
				t.Error(err)
			}
		}
		mustBeGone(t, s, "0-1-1")
	})
	t.Run("pieces are removed, and made again", func(t *testing.T) {
		open := place(t)
		here, there := open(t), open(t)
		put(t, here, "op", "p", "one")
		for range 2 {
			if err := there.Remove(t.Context(), "op", "p"); err != nil {
				t.Error(err)
			}
		}
		mustBeGone(t, there, "p")
		put(t, there, "op", "p", "two")
		if got := get(t, there, "p"); got != "two" {
			t.Errorf("read %q", got)
		}
	})
	t.Run("operations are discarded", func(t *testing.T) {
		open := place(t)
		here, there := open(t), open(t)
		put(t, here, "op", "a", "1")
		put(t, there, "op", "b", "2")
		put(t, here, "other", "a", "3")
		if ids, err := there.Kept(t.Context()); err != nil || !slices.Equal(slices.Sorted(slices.Values(ids)), []string{"op", "other"}) {
			t.Errorf("kept: %v, %v", ids, err)
		}
		for range 2 {
			if err := there.Discard(t.Context(), "op"); err != nil {
				t.Error(err)
			}
		}
		mustBeGone(t, there, "a")
		mustBeGone(t, there, "b")
		if ids, err := there.Kept(t.Context()); err != nil || !slices.Equal(ids, []string{"other"}) {
			t.Errorf("kept in the end: %v, %v", ids, err)
		}
	})
}

func put(t *testing.T, s driver.Scratch, operation, name, content string) {
	t.Helper()
	piece, err := s.Create(t.Context(), operation, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(piece, content); err != nil {
		t.Fatal(err)
	}
	if err := piece.Close(); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s driver.Scratch, name string) string {
	t.Helper()
	piece, err := s.Open(t.Context(), "op", name)
	if err != nil {
		t.Fatal(err)
	}
	defer piece.Close()
	b, err := io.ReadAll(io.NewSectionReader(piece, 0, piece.Size()))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustBeGone(t *testing.T, s driver.Scratch, name string) {
	t.Helper()
	piece, err := s.Open(t.Context(), "op", name)
	if err == nil {
		piece.Close()
	}
	if driver.ClassOf(err) != driver.Gone {
		t.Errorf("%s: %v, want an error of class %q", name, err, driver.Gone)
	}
}

// mustRead reads ranges in order, then others, and what the extents say.
func mustRead(t *testing.T, s driver.Scratch, want []byte) {
	t.Helper()
	piece, err := s.Open(t.Context(), "op", "0-1-1")
	if err != nil {
		t.Fatal(err)
	}
	defer piece.Close()
	if piece.Size() != int64(len(want)) {
		t.Fatalf("%d bytes, want %d", piece.Size(), len(want))
	}
	check := func(at, n int) {
		t.Helper()
		p := make([]byte, n)
		read, err := piece.ReadAt(p, int64(at))
		if end := min(at+n, len(want)); read != end-at || !bytes.Equal(p[:read], want[at:end]) || (err != nil) != (read < n) {
			t.Errorf("%d bytes from %d: %d, %v, or other bytes", n, at, read, err)
		}
	}
	for at := 0; at < len(want); at += 64 << 10 {
		check(at, 64<<10)
	}
	check(100_000, 17)
	check(0, 44)
	check(len(want)-4, 4)
	for at := int64(0); at < piece.Size(); {
		data, end := piece.Extent(at)
		if data < at || end < data || end == at || end > piece.Size() {
			t.Fatalf("from %d there is data from %d to %d", at, data, end)
		}
		if !bytes.Equal(want[at:data], make([]byte, data-at)) {
			t.Errorf("no hole from %d to %d", at, data)
		}
		at = end
	}
	piece.Done()
}
