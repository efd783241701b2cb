// Package wav is the encodings whose files are RIFF/WAVE: [Linear16], [MuLaw]
// and [ALaw], all mono.
//
// A file too long for RIFF's 32-bit sizes (4 GiB) becomes RF64, with its sizes
// in a ds64 chunk (EBU Tech 3306). A file of unknown length carries the size
// 0xFFFFFFFF, which readers take as "until the end". The header never depends
// on the sound, so each format is a [driver.Joiner].
package wav

import (
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/pcm"
)

// Linear16 is the encoding LINEAR16: 16-bit signed little-endian frames.
func Linear16() driver.Joiner {
	return &format{name: "LINEAR16", tag: tagPCM, bytesPerFrame: 2, body: pcm.NewBody}
}

// MuLaw is the encoding MULAW: 8-bit G.711 mu-law.
func MuLaw() driver.Joiner {
	return &format{name: "MULAW", tag: tagMuLaw, bytesPerFrame: 1, body: newCompander(muLaw)}
}

// ALaw is the encoding ALAW: 8-bit G.711 A-law.
func ALaw() driver.Joiner {
	return &format{name: "ALAW", tag: tagALaw, bytesPerFrame: 1, body: newCompander(aLaw)}
}

// format is one of the three. It never changes.
type format struct {
	name          string
	tag           uint16
	bytesPerFrame int64
	body          func(io.Writer) driver.Encoder
}

func (f *format) Name() string { return f.name }

func (f *format) CanCarry(rate audio.SampleRate) bool { return rate > 0 }

func (f *format) NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (driver.Encoder, error) {
	if _, err := w.Write(f.Header(rate, frames)); err != nil {
		return nil, err
	}
	enc := f.body(w)
	if trailer := f.Trailer(rate, frames); len(trailer) > 0 {
		enc = &file{Encoder: enc, w: w, trailer: trailer}
	}
	return driver.CheckLength(enc, frames), nil
}

func (f *format) BodySize(_ audio.SampleRate, frames audio.Frames) int64 {
	return frames * f.bytesPerFrame
}

// Trailer is the zero byte that pads a chunk of odd length.
func (f *format) Trailer(_ audio.SampleRate, frames audio.Frames) []byte {
	if frames > 0 && frames*f.bytesPerFrame%2 == 1 {
		return []byte{0}
	}
	return nil
}

func (f *format) NewBody(w io.Writer, _ audio.SampleRate) (driver.Encoder, error) {
	return f.body(w), nil
}

// file is a body with the trailer after it.
type file struct {
	driver.Encoder
	w       io.Writer
	trailer []byte
}

func (f *file) Close() error {
	if err := f.Encoder.Close(); err != nil {
		return err
	}
	_, err := f.w.Write(f.trailer)
	return err
}
