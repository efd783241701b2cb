package encodetest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/internal/needs"
)

// testFlush: a file that is flushed while it is written is the same sound to
// every decoder, and most of what came before a flush has been written.
func (r run) testFlush(t *testing.T) {
	frames := tune(r.rate, int(r.rate)+1234)
	var file bytes.Buffer
	enc, err := r.Format.NewEncoder(&file, r.rate, -1)
	if err != nil {
		t.Fatal(err)
	}
	flusher, ok := enc.(driver.Flusher)
	if !ok {
		t.Skip("the format gathers nothing")
	}
	for rest := frames; len(rest) > 0; {
		n := min(len(rest), int(r.rate)/7)
		if err := errors.Join(enc.Encode(rest[:n]), flusher.Flush(), flusher.Flush()); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	before := file.Len()
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	if r.streams(t) && before+r.HeldBack < file.Len()*9/10 {
		t.Errorf("%d of %d bytes were written by the last flush", before, file.Len())
	}
	plain := r.encode(t, frames, -1)
	for _, d := range r.Decoders {
		if d.KnownLength {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			if d.Tool != "" {
				needs.Program(t, d.Tool)
			}
			if got, want := r.decoded(t, d, file.Bytes()), r.decoded(t, d, plain); !slices.Equal(got, want) {
				t.Errorf("%d frames of the flushed file, %d of the other, or other ones", len(got), len(want))
			}
		})
	}
}

func (r run) decoded(t *testing.T, d Decoder, file []byte) []float32 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sound")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	frames, err := d.Decode(path, r.rate)
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

// streams reports whether the format writes its sound before its end.
func (r run) streams(t *testing.T) bool {
	t.Helper()
	var some bytes.Buffer
	enc, err := r.Format.NewEncoder(&some, r.rate, -1)
	if err == nil {
		err = enc.Encode(tune(r.rate, 3*int(r.rate)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return some.Len() > 0
}
