//go:build cgo && !nomp3

package mp3

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/lectern/lectern/encode/driver"
)

// What the Info frame says is what a walk over the packets finds.
func TestInfoFrameTellsTheTruth(t *testing.T) {
	for _, format := range []driver.Format{MP3(), MP3Kbps64()} {
		for _, rate := range rates {
			const frames = 50_001
			var file bytes.Buffer
			enc, err := format.NewEncoder(&file, rate, frames)
			if err != nil {
				t.Fatal(err)
			}
			if err := enc.Encode(make([]float32, frames)); err != nil {
				t.Fatal(err)
			}
			if err := enc.Close(); err != nil {
				t.Fatal(err)
			}
			b := file.Bytes()
			first, err := readHeader(b)
			if err != nil {
				t.Fatal(err)
			}
			tag := b[4+first.sideInfo():]
			packets := 0
			for rest := b[first.size():]; len(rest) > 0; packets++ {
				h, err := readHeader(rest)
				if err != nil || h.hertz() != int(rate) || h.size() > len(rest) {
					t.Fatalf("%s at %v: packet %d: %v, %d Hz, %d bytes of %d", format.Name(), rate, packets, err, h.hertz(), h.size(), len(rest))
				}
				rest = rest[h.size():]
			}
			if got := binary.BigEndian.Uint32(tag[8:]); string(tag[:4]) != "Info" || int(got) != packets {
				t.Errorf("%s at %v: %q with %d packets, there are %d", format.Name(), rate, tag[:4], got, packets)
			}
			if got := binary.BigEndian.Uint32(tag[12:]); int(got) != len(b) {
				t.Errorf("%s at %v: the tag says %d bytes, the file has %d", format.Name(), rate, got, len(b))
			}
			block := 576
			if rate >= 32000 {
				block = 1152
			}
			delay, padding := int(tag[141])<<4|int(tag[142])>>4, int(tag[142]&15)<<8|int(tag[143])
			if delay != encoderDelay || delay+frames+padding != packets*block {
				t.Errorf("%s at %v: delay %d and padding %d around %d frames in %d packets", format.Name(), rate, delay, padding, frames, packets)
			}
		}
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	for _, b := range [][]byte{nil, {0xFF, 0xFB, 0x90}, {0, 0, 0, 0}, {0xFF, 0xFD, 0x90, 0}, {0xFF, 0xEB, 0x90, 0}, {0xFF, 0xFB, 0xF0, 0}, {0xFF, 0xFB, 0x9C, 0}} {
		if h, err := readHeader(b); err == nil {
			t.Errorf("% x was taken for a header: %#x", b, h)
		}
	}
}
