//go:build cgo && !noaac

package m4a

import (
	"io"
	"iter"
	"slices"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/packets"
)

// ADTS is the encoding AAC: the packets of M4A, each with a header of its own, so
// that the file needs no index and is heard as it comes. Nothing in it tells of the
// coder's delay: players begin 1,600 frames late.
func ADTS() driver.Format { return packets.New(adts{}) }

type adts struct{ codec }

func (adts) Name() string { return encodingNameADTS }

// NewStream implements packets.Streamer.
func (adts) NewStream(w io.Writer, rate audio.SampleRate) (packets.Stream, error) {
	return &adtsStream{w: w, rate: rate}, nil
}

// Mux implements packets.Codec.
func (a adts) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, all iter.Seq2[[]byte, error]) error {
	s := &adtsStream{w: w, rate: rate}
	for packet, err := range all {
		if err != nil {
			return err
		}
		if err := s.Packet(packet); err != nil {
			return err
		}
	}
	return s.Close(frames)
}

type adtsStream struct {
	w     io.Writer
	rate  audio.SampleRate
	frame []byte
}

// Packet implements packets.Stream: one frame of ISO 13818-7, 6.2.
func (s *adtsStream) Packet(packet []byte) error {
	const (
		headerBytes   = 7
		noChecksum    = 1
		lowComplexity = 1 // less one, as it is written here
		mono          = 1
		anyBitRate    = 0x7FF // what the buffer's fullness is called then
	)
	size := headerBytes + len(packet)
	s.frame = append(s.frame[:0],
		0xFF, 0xF0|noChecksum,
		byte(lowComplexity<<6|slices.Index(rates, s.rate)<<2|mono>>2),
		byte(mono&3<<6|size>>11), byte(size>>3),
		byte(size&7<<5|anyBitRate>>6), byte(anyBitRate&0x3F<<2))
	s.frame = append(s.frame, packet...)
	_, err := s.w.Write(s.frame)
	return err
}

// Close implements packets.Stream: there is no end to be told.
func (*adtsStream) Close(audio.Frames) error { return nil }
