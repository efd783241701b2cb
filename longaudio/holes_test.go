package longaudio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	bucketdriver "github.com/lectern/lectern/bucket/driver"
)

func TestSumOfZeros(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOf(rapid.Byte()).Draw(t, "before")
		n := rapid.IntRange(0, 5000).Draw(t, "zeros")
		want := crc32.Checksum(append(slices.Clip(before), make([]byte, n)...), castagnoli)
		if got := sumOfZeros(crc32.Checksum(before, castagnoli), int64(n)); got != want {
			t.Errorf("%08x, want %08x", got, want)
		}
	})
}

// What is written with holes is read as it was meant, by those who know of holes
// and those who do not.
func TestHolesAreZeros(t *testing.T) {
	scratch := newStand(t).scratch()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		name := fmt.Sprint(n)
		piece, err := scratch.Create(t.Context(), "op", name)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		w := newSummed(piece)
		for range rapid.IntRange(0, 6).Draw(t, "pieces") {
			if rapid.Bool().Draw(t, "silent") {
				n := rapid.Int64Range(0, 300_000).Draw(t, "zeros")
				err = audio.WriteZeros(w, n)
				want.Write(make([]byte, n))
			} else {
				b := bytes.Repeat([]byte{7}, rapid.IntRange(0, 200_000).Draw(t, "bytes"))
				_, err = w.Write(b)
				want.Write(b)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Flush(), piece.Close()); err != nil {
			t.Fatal(err)
		}
		sum := crc32.Checksum(want.Bytes(), castagnoli)
		if w.below.sum != sum || w.below.size != int64(want.Len()) {
			t.Errorf("written: %d bytes with %08x, want %d with %08x", w.below.size, w.below.sum, want.Len(), sum)
		}
		read, err := scratch.Open(t.Context(), "op", name)
		if err != nil {
			t.Fatal(err)
		}
		defer read.Close()
		all, err := io.ReadAll(io.NewSectionReader(read, 0, read.Size()))
		if err != nil || !bytes.Equal(all, want.Bytes()) {
			t.Errorf("the file has %d bytes, or others, %v", len(all), err)
		}
		var copied bytes.Buffer
		size, got, err := copySummed(t.Context(), read, &copied)
		if err != nil || size != int64(want.Len()) || got != sum || !bytes.Equal(copied.Bytes(), want.Bytes()) {
			t.Errorf("copied: %d bytes with %08x, %v; want %d with %08x", size, got, err, want.Len(), sum)
		}
	})
}

// A day of silence is written and copied at once, and a cancel ends the copy of
// what is no silence.
func TestHolesTakeNoTime(t *testing.T) {
	const day = 24 * 3600 * 48000 * bytesPerFrame
	scratch := newStand(t).scratch()
	silence, err := scratch.Create(t.Context(), "op", "silence")
	if err != nil {
		t.Fatal(err)
	}
	w := newSummed(silence)
	if err := errors.Join(w.WriteZeros(day), w.Flush(), silence.Close()); err != nil {
		t.Skipf("a file of %d bytes cannot be made here: %v", int64(day), err)
	}
	open := func(name string) bucketdriver.PieceReader {
		piece, err := scratch.Open(t.Context(), "op", name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { piece.Close() })
		return piece
	}
	var to numbered
	if size, sum, err := copySummed(t.Context(), open("silence"), &to); err != nil || size != day || sum != w.below.sum {
		t.Errorf("copied %d bytes with %08x, %v", size, sum, err)
	}
	if to.zeros != day && to.bytes > 0 {
		t.Skipf("this disk knows no holes")
	}

	noise, err := scratch.Create(t.Context(), "op", "noise")
	if err != nil {
		t.Fatal(err)
	}
	_, err = noise.Write(make([]byte, 1<<20))
	if err := errors.Join(err, noise.WriteZeros(day), noise.Close()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	to = numbered{wrote: func(int) { cancel(enough) }}
	if _, _, err := copySummed(ctx, open("noise"), &to); err != enough || to.bytes > leastHole || to.zeros > 0 {
		t.Errorf("cancelled: %v, %d bytes and %d zeros", err, to.bytes, to.zeros)
	}
}

type numbered struct {
	bytes, zeros int64
	wrote        func(int)
}

func (n *numbered) Write(p []byte) (int, error) {
	n.bytes += int64(len(p))
	if n.wrote != nil {
		n.wrote(len(p))
	}
	return len(p), nil
}

func (n *numbered) WriteZeros(zeros int64) error { n.zeros += zeros; return nil }

var _ io.Writer = (*numbered)(nil)
