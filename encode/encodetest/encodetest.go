// Package encodetest proves an implementation of encode/driver.
//
// A driver's test is one call:
//
//	func TestConformance(t *testing.T) {
//		encodetest.Run(t, encodetest.Harness{Format: wav.Linear16(), …})
//	}
//
// What [Run] checks, as subtests: the header byte for byte when the harness
// gives one; the number of frames that decoders find; that nothing but Write is
// called on the writer; that bytes do not depend on how frames were cut into
// blocks; clipping and NaN; no frames at all; wrong announced lengths; errors
// of the writer; that the caller's slice is left alone; that the parts of a
// [driver.Joiner] join; that [driver.Pieces] encoded apart, in any order, are
// the file byte for byte, and that nobody hears their joints; and what
// independent tools (libsndfile, ffmpeg, sox, mpg123, opusdec) decode. A tool that
// is not installed is skipped by name, or is a failure when
// LECTERN_TEST_TOOLS=required is in the environment.
package encodetest

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Harness is what [Run] needs to know of a format.
type Harness struct {
	Format driver.Format
	// Rates are the rates to try; at least one, each of which it can carry.
	Rates []audio.SampleRate
	// Refused are rates that it cannot carry; may be empty.
	Refused []audio.SampleRate
	// Header is the header that a file must begin with, frames -1 meaning
	// that the length was not known. nil leaves the header to the decoders.
	Header func(rate audio.SampleRate, frames audio.Frames) []byte
	// Decoders read files back. All must find the frames that went in.
	Decoders []Decoder
	// MinSNR is the signal-to-noise ratio in dB that a decoded sound must
	// reach against what went in. A start that is one frame off costs more.
	MinSNR float64
	// HeldBack is how many bytes a flush may leave to be written, beyond a tenth of
	// the test's second: the packets that a coder's own delay keeps back.
	HeldBack int
	// Whole is a format of driver.Pieces without joints, to compare with.
	Whole driver.Format
}

// Run proves h.Format. Each promise is a subtest.
func Run(t *testing.T, h Harness) {
	if h.Format.Name() == "" {
		t.Error("the format has no name")
	}
	for _, rate := range h.Refused {
		if h.Format.CanCarry(rate) {
			t.Errorf("CanCarry(%v) = true, the harness says it cannot", rate)
		}
	}
	for _, rate := range h.Rates {
		if !h.Format.CanCarry(rate) {
			t.Fatalf("CanCarry(%v) = false, the harness says it can", rate)
		}
		t.Run(rate.String(), func(t *testing.T) {
			r := run{h, rate}
			t.Run("header", r.testHeader)
			t.Run("decoders", r.testDecoders)
			t.Run("writer", r.testWriterOnly)
			t.Run("blocks", r.testBlocks)
			t.Run("clipping", r.testClipping)
			t.Run("wrong length", r.testWrongLength)
			t.Run("write errors", r.testWriteErrors)
			t.Run("caller's slice", r.testCallersSlice)
			t.Run("joining", r.testJoining)
			t.Run("samples", r.testSamples)
			t.Run("silence", r.testSilence)
			t.Run("flush", r.testFlush)
			t.Run("pieces", r.testPieces)
			t.Run("joints", r.testJoints)
		})
	}
}

// run is one harness at one of its rates.
type run struct {
	Harness
	rate audio.SampleRate
}

// encode writes frames in one block and returns the file.
func (r run) encode(t rapid.TB, frames []float32, announced audio.Frames) []byte {
	t.Helper()
	var file bytes.Buffer
	enc, err := r.Format.NewEncoder(&file, r.rate, announced)
	if err != nil {
		t.Fatalf("NewEncoder(%v, %d): %v", r.rate, announced, err)
	}
	if err := enc.Encode(frames); err != nil {
		t.Fatalf("Encode of %d frames: %v", len(frames), err)
	}
	if err := enc.Close(); err != nil {
		t.Fatalf("Close after %d frames, %d announced: %v", len(frames), announced, err)
	}
	return file.Bytes()
}

// lengths are numbers of frames at which headers and padding differ.
var lengths = []int{0, 1, 2, 3, 1000, 4801}

// fewFrames is a sound that tools may get wrong by Decoder.Few.
const fewFrames = 3

func (r run) testHeader(t *testing.T) {
	if r.Header == nil {
		t.Skip("this format has no fixed header")
	}
	for _, n := range lengths {
		for _, announced := range []audio.Frames{audio.Frames(n), -1} {
			file := r.encode(t, tune(r.rate, n), announced)
			if want := r.Header(r.rate, announced); !bytes.HasPrefix(file, want) {
				t.Errorf("%d frames, %d announced: the file begins with\n% x, want\n% x",
					n, announced, file[:min(len(file), len(want))], want)
			}
		}
	}
}
