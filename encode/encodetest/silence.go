package encodetest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// zeroBuffer is a writer that takes zeros by their number.
type zeroBuffer struct{ bytes.Buffer }

func (b *zeroBuffer) WriteZeros(n int64) error {
	b.Buffer.Write(make([]byte, n))
	return nil
}

// testSilence: silence as a length gives the bytes of its frames, whatever the
// writer can do.
func (r run) testSilence(t *testing.T) {
	joiner, ok := r.Format.(driver.Joiner)
	if !ok {
		t.Skip("the format has no bodies")
	}
	for _, n := range []audio.Frames{0, 1, 4095, 100_001} {
		var want, plain bytes.Buffer
		var holed zeroBuffer
		for _, to := range []struct {
			w       *bytes.Buffer
			encoder func() (driver.Encoder, error)
			silence func(driver.Encoder) error
		}{
			{&want, func() (driver.Encoder, error) { return joiner.NewBody(&want, r.rate) }, func(e driver.Encoder) error { return e.Encode(make([]float32, n)) }},
			{&plain, func() (driver.Encoder, error) { return joiner.NewBody(&plain, r.rate) }, nil},
			{&holed.Buffer, func() (driver.Encoder, error) { return joiner.NewBody(&holed, r.rate) }, nil},
		} {
			enc, err := to.encoder()
			if err != nil {
				t.Fatal(err)
			}
			if to.silence == nil {
				silent, ok := enc.(driver.RestEncoder)
				if !ok {
					t.Skip("silence is no length to the format")
				}
				to.silence = func(driver.Encoder) error { return silent.EncodeSilence(n) }
			}
			some := tune(r.rate, 100)
			if err := errors.Join(enc.Encode(some), to.silence(enc), enc.Encode(some), enc.Close()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(to.w.Bytes(), want.Bytes()) {
				t.Errorf("EncodeSilence(%d) gives %d bytes, or others, than the frames do, %d", n, to.w.Len(), want.Len())
			}
		}
	}
}
