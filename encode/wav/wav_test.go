package wav_test

import (
	"bytes"
	"encoding/hex"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/internal/needs"
)

func TestConformance(t *testing.T) {
	decoders := []encodetest.Decoder{encodetest.FFmpeg(""), encodetest.Sox(), encodetest.Sndfile()}
	for _, h := range []encodetest.Harness{
		{Format: wav.Linear16(), MinSNR: 80},
		{Format: wav.MuLaw(), MinSNR: 35},
		{Format: wav.ALaw(), MinSNR: 35},
	} {
		h.Rates = []audio.SampleRate{8000, 24000}
		h.Refused = []audio.SampleRate{0}
		h.Decoders = decoders
		h.Header = func(rate audio.SampleRate, frames audio.Frames) []byte {
			return referenceHeader(h.Format.Name(), uint32(rate), uint32(frames))
		}
		t.Run(h.Format.Name(), func(t *testing.T) { encodetest.Run(t, h) })
	}
}

// referenceHeader is put together by hand, apart from the code under test.
// frames 0xFFFFFFFF means that the length is not known.
func referenceHeader(name string, rate, frames uint32) []byte {
	le := func(x uint32, size int) []byte {
		return []byte{byte(x), byte(x >> 8), byte(x >> 16), byte(x >> 24)}[:size]
	}
	tag, width, fixed := map[string]uint32{"LINEAR16": 1, "ALAW": 6, "MULAW": 7}[name], uint32(1), uint32(50)
	format := le(18, 4)
	if tag == 1 {
		width, fixed, format = 2, 36, le(16, 4)
	}
	riff, body := fixed+frames*width+frames*width%2, frames*width
	if frames == math.MaxUint32 {
		riff, body = math.MaxUint32, math.MaxUint32
	}
	parts := [][]byte{[]byte("RIFF"), le(riff, 4), []byte("WAVEfmt "), format,
		le(tag, 2), le(1, 2), le(rate, 4), le(rate*width, 4), le(width, 2), le(8*width, 2)}
	if tag != 1 {
		parts = append(parts, le(0, 2), []byte("fact"), le(4, 4), le(frames, 4))
	}
	return bytes.Join(append(parts, []byte("data"), le(body, 4)), nil)
}

// bodyStart is where the body of a companded file begins.
const bodyStart = 58

// all65536 is every 16-bit sample as a frame.
func all65536() []float32 {
	frames := make([]float32, 0, 1<<16)
	for s := math.MinInt16; s <= math.MaxInt16; s++ {
		frames = append(frames, float32(s)/32768)
	}
	return frames
}

func encodeFile(t *testing.T, f driver.Format, rate audio.SampleRate, frames []float32) []byte {
	t.Helper()
	var file bytes.Buffer
	enc, err := f.NewEncoder(&file, rate, int64(len(frames)))
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Encode(frames); err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestCompandedFilesAreThoseOfLibsndfile(t *testing.T) {
	needs.Program(t, "sndfile-convert")
	dir := t.TempDir()
	for _, c := range []struct {
		format driver.Format
		option string
	}{{wav.MuLaw(), "-ulaw"}, {wav.ALaw(), "-alaw"}} {
		// One frame less makes a body of odd length, which is padded.
		for _, frames := range [][]float32{all65536(), all65536()[1:]} {
			source, theirs := filepath.Join(dir, "source.wav"), filepath.Join(dir, "theirs.wav")
			if err := os.WriteFile(source, encodeFile(t, wav.Linear16(), 8000, frames), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("sndfile-convert", c.option, source, theirs).CombinedOutput(); err != nil {
				t.Fatalf("sndfile-convert: %v: %s", err, out)
			}
			want, err := os.ReadFile(theirs)
			if err != nil {
				t.Fatal(err)
			}
			got := encodeFile(t, c.format, 8000, frames)
			if len(got) != len(want) {
				t.Fatalf("%s of %d frames has %d bytes, libsndfile writes %d", c.format.Name(), len(frames), len(got), len(want))
			}
			for i := range got {
				if lowest := i == bodyStart && frames[0] == -1; lowest {
					continue // see TestLowestSampleStaysNegative
				}
				if got[i] != want[i] {
					t.Fatalf("%s of %d frames: byte %d is %#x, libsndfile writes %#x", c.format.Name(), len(frames), i, got[i], want[i])
				}
			}
		}
	}
}

// sndfile-convert turns the lowest sample into the highest code of the other
// sign (it negates in 32 bits); libsndfile's own path for 16-bit samples, G.711
// and we keep the sign.
func TestLowestSampleStaysNegative(t *testing.T) {
	for _, c := range []struct {
		format driver.Format
		want   byte
	}{{wav.MuLaw(), 0x00}, {wav.ALaw(), 0x2A}} {
		if got := encodeFile(t, c.format, 8000, []float32{-1})[bodyStart]; got != c.want {
			t.Errorf("%s of -32768 = %#x, want %#x", c.format.Name(), got, c.want)
		}
	}
}

// The same without libsndfile: values worked out from the tables of G.711.
func TestCompandedValues(t *testing.T) {
	for _, c := range []struct {
		format  driver.Joiner
		samples []int16
		want    string
	}{
		{wav.MuLaw(), []int16{0, 3, 4, -4, 124, -124, 1000, -1000, 32767, -32768}, "fffffe7eef6fce4e8000"},
		{wav.ALaw(), []int16{0, 15, 16, -16, 512, -512, 1000, -1000, 32767, -32768}, "d5d5d454f575fa7aaa2a"},
	} {
		frames := make([]float32, len(c.samples))
		for i, s := range c.samples {
			frames[i] = float32(s) / 32768
		}
		var body bytes.Buffer
		enc, err := c.format.NewBody(&body, 8000)
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(frames); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(body.Bytes()); got != c.want {
			t.Errorf("%s of %v = %s, want %s", c.format.Name(), c.samples, got, c.want)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	frames := make([]float32, 4096)
	for i := range frames {
		frames[i] = float32(math.Sin(float64(i)))
	}
	for _, f := range []driver.Format{wav.Linear16(), wav.MuLaw(), wav.ALaw()} {
		b.Run(f.Name(), func(b *testing.B) {
			enc, err := f.NewEncoder(io.Discard, 24000, -1)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				_ = enc.Encode(frames)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(frames)), "ns/frame")
		})
	}
}
