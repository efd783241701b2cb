package encodetest

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/encode/driver"
)

// strictWriter has what files and connections have, and fails the test when
// anything but Write is used.
type strictWriter struct {
	t *testing.T
	bytes.Buffer
}

func (w *strictWriter) Seek(int64, int) (int64, error) {
	w.t.Error("the encoder called Seek")
	return 0, errors.ErrUnsupported
}

func (w *strictWriter) WriteAt([]byte, int64) (int, error) {
	w.t.Error("the encoder called WriteAt")
	return 0, errors.ErrUnsupported
}

func (w *strictWriter) Close() error {
	w.t.Error("the encoder closed the writer")
	return nil
}

func (w *strictWriter) Write(p []byte) (int, error) { return w.Buffer.Write(p) }

func (r run) testWriterOnly(t *testing.T) {
	for _, announced := range []int64{3000, -1} {
		w := &strictWriter{t: t}
		frames := tune(r.rate, 3000)
		enc, err := r.Format.NewEncoder(w, r.rate, announced)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(enc.Encode(frames), enc.Close()); err != nil {
			t.Fatal(err)
		}
		if want := r.encode(t, frames, announced); !bytes.Equal(w.Bytes(), want) {
			t.Error("a writer that can seek got other bytes")
		}
	}
}

func (r run) testBlocks(t *testing.T) {
	whole := tune(r.rate, 10_000)
	rapid.Check(t, func(t *rapid.T) {
		frames := whole[:rapid.IntRange(0, len(whole)).Draw(t, "frames")]
		announced := rapid.SampledFrom([]int64{-1, int64(len(frames))}).Draw(t, "announced")
		want := r.encode(t, frames, announced)

		var file bytes.Buffer
		enc, err := r.Format.NewEncoder(&file, r.rate, announced)
		if err != nil {
			t.Fatal(err)
		}
		for rest := frames; len(rest) > 0; {
			n := min(rapid.IntRange(0, 5000).Draw(t, "block"), len(rest))
			if err := enc.Encode(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(file.Bytes(), want) {
			t.Fatalf("%d frames in blocks gave other bytes than in one", len(frames))
		}
	})
}

func (r run) testClipping(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	wild := []float32{0, 1, -1, 1.5, -1.5, 1e30, -1e30, inf, -inf, nan, math.MaxFloat32, 0.25}
	tame := []float32{0, 1, -1, 1, -1, 1, -1, 1, -1, 0, 1, 0.25}
	if !bytes.Equal(r.encode(t, wild, -1), r.encode(t, tame, -1)) {
		t.Error("frames beyond full scale are not clipped, or NaN is not silence")
	}
}

func (r run) testWrongLength(t *testing.T) {
	const announced = 2000
	for _, n := range []int{0, announced - 1, announced + 1, 2 * announced} {
		enc, err := r.Format.NewEncoder(io.Discard, r.rate, announced)
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(tune(r.rate, n)); err != nil {
			continue // said at once
		}
		if enc.Close() == nil {
			t.Errorf("%d frames were announced, %d came, and Close said nothing", announced, n)
		}
	}
}

var errFull = errors.New("the disk is full")

// fullWriter takes a number of bytes and then fails.
type fullWriter struct{ left int }

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, errFull
	}
	w.left -= len(p)
	return len(p), nil
}

func (r run) testWriteErrors(t *testing.T) {
	const frames = 20_001 // odd, so that a padded format has its trailer
	sound := tune(r.rate, frames)
	size := len(r.encode(t, sound, frames))
	for _, left := range []int{0, 1, 43, 44, 45, size / 2, size - 1} {
		if left >= size {
			continue
		}
		err := encodeOnto(r, &fullWriter{left}, sound)
		if !errors.Is(err, errFull) {
			t.Errorf("writer full after %d of %d bytes: error %v, want the writer's", left, size, err)
		}
	}
	if err := encodeOnto(r, &fullWriter{size}, sound); err != nil {
		t.Errorf("writer with just enough room: %v", err)
	}
}

func encodeOnto(r run, w io.Writer, sound []float32) error {
	enc, err := r.Format.NewEncoder(w, r.rate, int64(len(sound)))
	if err != nil {
		return err
	}
	if err := enc.Encode(sound); err != nil {
		return err
	}
	return enc.Close()
}

func (r run) testCallersSlice(t *testing.T) {
	frames := tune(r.rate, 2500)
	want := r.encode(t, frames, -1)
	var file bytes.Buffer
	enc, err := r.Format.NewEncoder(&file, r.rate, -1)
	if err != nil {
		t.Fatal(err)
	}
	block := slices.Clone(frames)
	if err := enc.Encode(block); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(block, frames) {
		t.Error("Encode changed the caller's slice")
	}
	for i := range block {
		block[i] = 9
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file.Bytes(), want) {
		t.Error("the encoder kept the caller's slice after Encode returned")
	}
}

func (r run) testJoining(t *testing.T) {
	joiner, ok := r.Format.(driver.Joiner)
	if !ok {
		t.Skip("the parts of this format do not join")
	}
	whole := tune(r.rate, 6000)
	rapid.Check(t, func(t *rapid.T) {
		frames := whole[:rapid.IntRange(0, len(whole)).Draw(t, "frames")]
		n := int64(len(frames))
		joined := slices.Clone(joiner.Header(r.rate, n))
		for rest := frames; len(rest) > 0; {
			part := rest[:min(rapid.IntRange(0, 2500).Draw(t, "part"), len(rest))]
			rest = rest[len(part):]
			var body bytes.Buffer
			enc, err := joiner.NewBody(&body, r.rate)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(enc.Encode(part), enc.Close()); err != nil {
				t.Fatal(err)
			}
			if want := joiner.BodySize(r.rate, int64(len(part))); int64(body.Len()) != want {
				t.Fatalf("BodySize of %d frames = %d, the body has %d bytes", len(part), want, body.Len())
			}
			joined = append(joined, body.Bytes()...)
		}
		joined = append(joined, joiner.Trailer(r.rate, n)...)
		if !bytes.Equal(joined, r.encode(t, frames, n)) {
			t.Fatalf("%d frames joined from parts differ from the whole", n)
		}
	})
}

func (r run) testSamples(t *testing.T) {
	joiner, ok := r.Format.(driver.Joiner)
	if !ok {
		t.Skip("the format has no bodies")
	}
	body := func(write func(driver.Encoder) error) []byte {
		var b bytes.Buffer
		enc, err := joiner.NewBody(&b, r.rate)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(write(enc), enc.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	samples, frames := make([]int16, 1<<16), make([]float32, 1<<16)
	for i := range samples {
		samples[i] = int16(i)
		frames[i] = float32(samples[i]) / (1 << 15)
	}
	want := body(func(enc driver.Encoder) error { return enc.Encode(frames) })
	got := body(func(enc driver.Encoder) error {
		direct, ok := enc.(driver.FrameEncoder)
		if !ok {
			t.Skip("the format does not take samples")
		}
		return direct.EncodeFrames(samples)
	})
	if !bytes.Equal(got, want) {
		t.Error("EncodeFrames and Encode of the same sound differ")
	}
}
