package clip

import (
	"bytes"
	"encoding/binary"

	"github.com/lectern/lectern/audio"
)

// mp3Window is how far from its start, after tags, a file may begin with
// something else.
const mp3Window = 64 << 10

func isMP3(b []byte) bool {
	at := afterID3(b)
	return firstMP3(b[at:min(len(b), at+mp3Window)], b[at:]) >= 0
}

// afterID3 is where the ID3v2 tags at the start of b end.
func afterID3(b []byte) int {
	at := 0
	for hasAt(b, at, "ID3") && len(b) >= at+10 {
		size := int(b[at+6]&0x7f)<<21 | int(b[at+7]&0x7f)<<14 | int(b[at+8]&0x7f)<<7 | int(b[at+9]&0x7f)
		if b[at+5]&0x10 != 0 {
			size += 10 // a footer
		}
		at = min(len(b), at+10+size)
	}
	return at
}

// firstMP3 is where in window the first frame of b begins, or -1. A frame is
// one when another follows it or b ends with it.
func firstMP3(window, b []byte) int {
	for at := range window {
		if window[at] != 0xff {
			continue
		}
		if h, ok := readMP3Header(b[at:]); ok && follows(b, at, h) {
			return at
		}
	}
	return -1
}

// follows reports whether what comes after the frame at begins like it.
func follows(b []byte, at int, h mp3Header) bool {
	end := at + h.size
	if end == len(b) {
		return true
	}
	if end > len(b) {
		return false
	}
	next, ok := readMP3Header(b[end:])
	return ok && next.alike(h) || hasAt(b, end, "TAG")
}

// mp3Header is a frame's header (ISO/IEC 11172-3 section 2.4.1.3, 13818-3).
type mp3Header struct {
	word     uint32
	mpeg1    bool
	rate     audio.SampleRate
	size     int // bytes, the header's included
	frames   int // of sound
	channels int
	crc      int // bytes
	sideInfo int // bytes
}

var mp3Bitrates = [2][15]int{ // kbit/s
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
}

const largestBitrate = 14

// readMP3Header reads what the decoder can decode: MPEG-1 and MPEG-2, layer
// III, not of free format.
func readMP3Header(b []byte) (h mp3Header, ok bool) {
	if len(b) < 4 {
		return h, false
	}
	w := binary.BigEndian.Uint32(b)
	version, layer, bitrate, rate := w>>19&3, w>>17&3, w>>12&15, w>>10&3
	if w>>21 != 0x7ff || version < 2 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3 || w&3 == 2 {
		return h, false
	}
	h.word, h.mpeg1 = w, version == 3
	h.rate = [...]audio.SampleRate{44100, 48000, 32000}[rate]
	h.frames, h.channels, h.sideInfo = 1152, 2, 32
	if !h.mpeg1 {
		h.rate /= 2
		h.frames, h.sideInfo = 576, 17
	}
	if w>>6&3 == 3 {
		h.channels, h.sideInfo = 1, (h.sideInfo+2)/2
	}
	h.size = h.sizeOf(int(bitrate), int(w>>9&1))
	if w>>16&1 == 0 {
		h.crc = 2
	}
	return h, h.size >= 4+h.crc+h.sideInfo
}

// sizeOf is the size of a frame at another bitrate (an index of mp3Bitrates).
func (h mp3Header) sizeOf(bitrate, padding int) int {
	kbits := mp3Bitrates[0]
	if h.mpeg1 {
		kbits = mp3Bitrates[1]
	}
	return h.frames/8*kbits[bitrate]*1000/int(h.rate) + padding
}

// alike reports whether both can be frames of one file.
func (h mp3Header) alike(other mp3Header) bool { return h.mpeg1 == other.mpeg1 && h.rate == other.rate }

// openMP3 finds the frames. They are counted, whatever length the file tells;
// only an encoder's delays are believed, and not beyond what they can be.
func openMP3(b []byte, most limits) (*track, error) {
	b = b[afterID3(b):]
	at := firstMP3(b[:min(len(b), mp3Window)], b)
	first, _ := readMP3Header(b[at:])
	m := &mp3Packets{}
	t := &track{format: "MP3", rate: first.rate, packets: m}
	var total audio.Frames
	var delays encoderDelays
	for inStep, begun := true, false; at < len(b); {
		h, ok := readMP3Header(b[at:])
		if !ok || !h.alike(first) || at+h.size > len(b) || !inStep && !follows(b, at, h) {
			inStep = false
			next := bytes.IndexByte(b[at+1:], 0xff)
			if next < 0 {
				break
			}
			at += 1 + next
			continue
		}
		frame := b[at : at+h.size]
		at += h.size
		inStep = true
		if !begun {
			begun = true
			var isTag bool
			if delays, isTag = readEncoderTag(frame, h); isTag {
				continue
			}
		}
		m.frames = append(m.frames, frame)
		if total += int64(h.frames); t.rate.Duration(total-2*maxEncoderDelay) > most.duration {
			return nil, tooLong(most)
		}
	}
	t.skip = min(delays.before, total)
	t.frames = total - t.skip - min(delays.after, total-t.skip)
	if t.rate.Duration(t.frames) > most.duration {
		return nil, tooLong(most)
	}
	return t, nil
}

// encoderDelays are frames that an encoder added before and after the sound.
type encoderDelays struct{ before, after audio.Frames }

const (
	// decoderDelay is what decoding adds (ISO/IEC 11172-3), by convention
	// counted to the encoder's.
	decoderDelay    = 529
	maxEncoderDelay = 4095 + decoderDelay
)

// readEncoderTag reads a file's first frame: whether it is a tag in the guise
// of a frame (Xing's, with or without LAME's extension, or Fraunhofer's), and
// the delays that it tells.
func readEncoderTag(frame []byte, h mp3Header) (d encoderDelays, isTag bool) {
	if hasAt(frame, 4+32, "VBRI") {
		return d, true
	}
	at := 4 + h.sideInfo
	if !hasAt(frame, at, "Xing") && !hasAt(frame, at, "Info") {
		return d, false
	}
	if len(frame) < at+8 {
		return d, true
	}
	flags := frame[at+7]
	at += 8
	for bit, size := range [...]int{4, 4, 100, 4} {
		if flags>>bit&1 == 1 {
			at += size
		}
	}
	if len(frame) < at+24 || !hasAt(frame, at, "LAME") && !hasAt(frame, at, "Lav") {
		return d, true
	}
	three := frame[at+21:]
	before := int64(three[0])<<4 | int64(three[1])>>4
	after := int64(three[1]&15)<<8 | int64(three[2])
	return encoderDelays{before: before + decoderDelay, after: max(0, after-decoderDelay)}, true
}
