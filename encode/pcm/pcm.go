// Package pcm is the encoding PCM: 16-bit signed little-endian frames without
// any header.
package pcm

import (
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Name is the encoding's name in the API.
const Name = "PCM"

// bytesPerFrame is the size of one frame, mono 16 bit.
const bytesPerFrame = 2

type format struct{}

var _ driver.Joiner = format{}

// Format is the encoding PCM, at any rate.
func Format() driver.Joiner { return format{} }

func (format) Name() string                   { return Name }
func (format) CanCarry(audio.SampleRate) bool { return true }

func (format) NewEncoder(w io.Writer, _ audio.SampleRate, frames audio.Frames) (driver.Encoder, error) {
	return driver.CheckLength(NewBody(w), frames), nil
}

func (format) Header(audio.SampleRate, audio.Frames) []byte  { return nil }
func (format) Trailer(audio.SampleRate, audio.Frames) []byte { return nil }

func (format) BodySize(_ audio.SampleRate, frames audio.Frames) int64 {
	return frames * bytesPerFrame
}

func (format) NewBody(w io.Writer, _ audio.SampleRate) (driver.Encoder, error) {
	return NewBody(w), nil
}
