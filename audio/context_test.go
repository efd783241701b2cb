package audio_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/lectern/lectern/audio"
)

var errEnough = errors.New("enough")

func TestContextEndsASound(t *testing.T) {
	const rate, frames = 8000, 100_000
	for name, read := range map[string]func(audio.Stream, int) (int, error){
		"frames":  func(s audio.Stream, n int) (int, error) { return s.Read(make([]float32, n)) },
		"samples": func(s audio.Stream, n int) (int, error) { return s.(audio.PCMStream).ReadFrames(make([]int16, n)) },
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		s := audio.WithContext(ctx, audio.Silence(rate, frames))
		if n, err := read(s, 0); n != 0 || err != nil {
			t.Errorf("%s: reading nothing: %d, %v", name, n, err)
		}
		if n, err := read(s, frames); n != audio.FramesBetweenLooks || err != nil {
			t.Errorf("%s: %d frames between two looks, %v", name, n, err)
		}
		cancel(errEnough)
		for range 2 {
			if n, err := read(s, 10); n != 0 || err != errEnough {
				t.Errorf("%s: after the end: %d, %v", name, n, err)
			}
		}
	}
}

// What has ended well stays so.
func TestContextAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	s := audio.WithContext(ctx, audio.Silence(8000, 0))
	for range 2 {
		if n, err := s.Read(make([]float32, 1)); n != 0 || err != io.EOF {
			t.Errorf("%d, %v", n, err)
		}
		cancel(errEnough)
	}
}

func TestContextEndsAWriter(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var to bytes.Buffer
	w := audio.WriterWithContext(ctx, &to)
	if n, err := w.Write(make([]byte, 200_000)); n != 200_000 || err != nil || to.Len() != 200_000 {
		t.Errorf("%d, %v, %d written", n, err, to.Len())
	}
	cancel(errEnough)
	if n, err := w.Write(make([]byte, 10)); n != 0 || err != errEnough || to.Len() != 200_000 {
		t.Errorf("after the end: %d, %v, %d written", n, err, to.Len())
	}
}

// A pause stays a length through a context, and zeros a number.
func TestRestsAreLengths(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	s := audio.WithContext(ctx, audio.Silence(8000, 1<<40))
	if n := audio.Rest(s, 1<<39); n != 1<<39 {
		t.Errorf("%d frames of a pause", n)
	}
	var holes holes
	if err := audio.WriteZeros(audio.WriterWithContext(ctx, &holes), 1<<40); err != nil || holes != 1<<40 {
		t.Errorf("%d zeros, %v", holes, err)
	}
	cancel(errEnough)
	if n := audio.Rest(s, 1); n != 0 {
		t.Errorf("%d frames after the end", n)
	}
	if err := audio.WriteZeros(audio.WriterWithContext(ctx, &holes), 1); err != errEnough || holes != 1<<40 {
		t.Errorf("%d zeros after the end, %v", holes, err)
	}
	if n := audio.Rest(audio.Buffer{Rate: 8000, Samples: make([]float32, 1)}.Stream(), 1); n != 0 {
		t.Errorf("%d frames of a sound that knows no pauses", n)
	}
}

type holes int64

func (h *holes) Write(p []byte) (int, error) { return 0, errors.New("zeros byte by byte") }
func (h *holes) WriteZeros(n int64) error    { *h += holes(n); return nil }

func TestZerosOfAnyWriter(t *testing.T) {
	var to bytes.Buffer
	if err := audio.WriteZeros(&to, 200_001); err != nil || !bytes.Equal(to.Bytes(), make([]byte, 200_001)) {
		t.Errorf("%d bytes, %v", to.Len(), err)
	}
}
