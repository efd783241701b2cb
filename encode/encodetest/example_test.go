package encodetest_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/pcm"
)

// bytewise is an encoding of a byte for each frame, 128 for silence, without a header:
// what the oldest sound cards took.
type bytewise struct{}

func (bytewise) Name() string                        { return "BYTEWISE" }
func (bytewise) CanCarry(rate audio.SampleRate) bool { return rate == 8000 || rate == 11025 }

func (bytewise) NewEncoder(w io.Writer, _ audio.SampleRate, frames audio.Frames) (driver.Encoder, error) {
	return driver.CheckLength(&bytewiseEncoder{to: w}, frames), nil
}

type bytewiseEncoder struct {
	to    io.Writer
	block []byte
}

func (e *bytewiseEncoder) Encode(frames []float32) error {
	e.block = e.block[:0]
	for _, x := range frames {
		e.block = append(e.block, byte((int(pcm.Sample(x))+128)>>8+128))
	}
	_, err := e.to.Write(e.block)
	return err
}

func (*bytewiseEncoder) Close() error { return nil }

// TestBytewise is all that the encoding needs of tests.
func TestBytewise(t *testing.T) {
	encodetest.Run(t, encodetest.Harness{
		Format: bytewise{}, Rates: []audio.SampleRate{8000}, Refused: []audio.SampleRate{48000}, MinSNR: 35,
		Decoders: []encodetest.Decoder{{Name: "by hand", Decode: func(path string, _ audio.SampleRate) ([]float32, error) {
			file, err := os.ReadFile(path)
			frames := make([]float32, len(file))
			for i, b := range file {
				frames[i] = float32(int(b)-128) / 128
			}
			return frames, err
		}}},
	})
}

// An encoding of one's own: a driver, proved by encodetest.Run as TestBytewise does.
// Here it is one of a catalogue and makes a file.
func Example() {
	format, err := encode.NewCatalogue(pcm.Format(), bytewise{}).Lookup("BYTEWISE")
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	encoder, err := format.NewEncoder(&file, 8000, 4)
	if err != nil {
		log.Fatal(err)
	}
	if err := encoder.Copy(audio.Silence(8000, 4)); err != nil {
		log.Fatal(err)
	}
	if err := encoder.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Bytes())
	// Output: [128 128 128 128]
}
