// Package mp3 is the encodings [MP3] (32 kbit/s) and [MP3Kbps64] (64 kbit/s):
// MPEG audio layer III, mono, constant bit rate, by libmp3lame.
//
// A file begins with an Info frame that holds its length and the frames of
// encoder delay and padding, so that players that read it play the sound's
// frames exactly; others begin 1,105 frames late.
//
// The bit reservoir is off: each packet holds all that it needs, which is what
// makes pieces joinable. Built with the tag nomp3 or without cgo, both formats
// are a driver.Missing.
package mp3

import (
	"encoding/binary"
	"fmt"
)

// header is the 32 bits that each packet begins with.
type header uint32

// kbps of layer III by the header's index, for MPEG 1 and for MPEG 2 and 2.5.
var kbps = [2][16]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
}

// hertz of MPEG 1 by the header's index; MPEG 2 has half, MPEG 2.5 a quarter.
var hertz = [4]int{44100, 48000, 32000, 0}

// readHeader reads a packet's header.
func readHeader(packet []byte) (header, error) {
	if len(packet) < 4 {
		return 0, fmt.Errorf("a packet of %d bytes", len(packet))
	}
	h := header(binary.BigEndian.Uint32(packet))
	const sync, layer3 = 0xFFE00000, 1
	if h&sync != sync || h>>17&3 != layer3 || h.version() == 1 || h.kbps() == 0 || h.hertz() == 0 {
		return 0, fmt.Errorf("%#08x is no header of layer III", uint32(h))
	}
	return h, nil
}

// version is 3 for MPEG 1, 2 for MPEG 2 and 0 for MPEG 2.5.
func (h header) version() int { return int(h >> 19 & 3) }

func (h header) low() int { // 1 for the versions of low rates
	if h.version() == 3 {
		return 0
	}
	return 1
}

func (h header) kbps() int { return kbps[h.low()][h>>12&15] }

func (h header) hertz() int {
	rate := hertz[h>>10&3]
	switch h.version() {
	case 2:
		return rate / 2
	case 0:
		return rate / 4
	}
	return rate
}

// size is the packet's length in bytes.
func (h header) size() int {
	return 144_000/(1+h.low())*h.kbps()/h.hertz() + int(h>>9&1)
}

// sideInfo is the length in bytes of what follows the header of a mono packet.
func (h header) sideInfo() int { return []int{17, 9}[h.low()] }
