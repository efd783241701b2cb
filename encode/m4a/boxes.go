// Package m4a is the encoding M4A: AAC-LC, mono, up to 64 kbit/s, by
// libvo-aacenc, in an MPEG-4 file whose index (moov) comes first.
//
// An edit list, and iTunes' iTunSMPB for players that do not know those, say
// where in the decoded sound the frames begin and how many there are.
//
// Built with the tag noaac or without cgo, the format is a driver.Missing.
package m4a

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/lectern/lectern/audio"
)

// Name is the encoding's name in the API.
const Name = "M4A"

const (
	blockFrames   = 1024
	bitsPerSecond = 64000
)

// rates by their index in an AudioSpecificConfig.
var rates = []audio.SampleRate{3: 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000}

// bitRate is that of rate: no packet may be longer than 6,144 bits.
func bitRate(rate audio.SampleRate) int { return min(bitsPerSecond, 4*int(rate)) }

// track is what the index of a file says.
type track struct {
	rate    audio.SampleRate
	frames  int64 // of the sound
	delay   int64 // decoded frames before them
	packets int64
	sizes   []byte // of the packets, as stsz holds them
	longest int    // packet, in bytes
	bytes   int64  // all packets
}

func (t *track) add(size int) {
	t.packets++
	t.sizes = binary.BigEndian.AppendUint32(t.sizes, uint32(size))
	t.longest = max(t.longest, size)
	t.bytes += int64(size)
}

// box is a box of an MPEG-4 file: its size, its name, its parts.
func box(name string, parts ...[]byte) []byte {
	size := 8
	for _, p := range parts {
		size += len(p)
	}
	b := binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(size))
	b = append(b, name...)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// full is a box with a version and flags.
func full(name string, version byte, flags uint32, parts ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(version)<<24|flags)
	return box(name, append([][]byte{head}, parts...)...)
}

func u16(xs ...uint16) (b []byte) {
	for _, x := range xs {
		b = binary.BigEndian.AppendUint16(b, x)
	}
	return b
}

func u32(xs ...uint32) (b []byte) {
	for _, x := range xs {
		b = binary.BigEndian.AppendUint32(b, x)
	}
	return b
}

// times are numbers of 32 bits each, or of 64 in version 1.
func times(version byte, xs ...int64) (b []byte) {
	for _, x := range xs {
		if version == 1 {
			b = binary.BigEndian.AppendUint64(b, uint64(x))
		} else {
			b = binary.BigEndian.AppendUint32(b, uint32(x))
		}
	}
	return b
}

// version is that of boxes that hold t's times.
func (t *track) version() byte {
	if t.delay+t.frames > math.MaxUint32 {
		return 1
	}
	return 0
}

// header is everything before the first packet.
//
//	ftyp
//	moov
//	  mvhd        one second is rate ticks, in all of the file
//	  trak
//	    tkhd
//	    edts/elst the sound begins delay frames into the track
//	    mdia      ... stbl: the packets' sizes; they are one chunk
//	  udta/meta   iTunSMPB
//	mdat          its size
func (t *track) header() []byte {
	mdat := u32(uint32(8+t.bytes), 0x6D646174) // "mdat"
	if 8+t.bytes > math.MaxUint32 {
		mdat = append(u32(1, 0x6D646174), times(1, 16+t.bytes)...)
	}
	ftyp := box("ftyp", []byte("M4A \x00\x00\x00\x00M4A mp42isom"))
	// The place of the packets is in the index before them, whose length does
	// not depend on it. The sizes, megabytes for a day of sound, are copied once
	// for each box around them, but not for this length.
	small := *t
	small.sizes = nil
	start := int64(len(ftyp) + len(small.moov(0)) + len(t.sizes) + len(mdat))
	return slices.Concat(ftyp, t.moov(start), mdat)
}

var matrix = u32(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)

func (t *track) moov(start int64) []byte {
	v := t.version()
	const trackID, nextTrackID = 1, 2
	const inMovie = 3 // enabled, in the movie
	mvhd := full("mvhd", v, 0, times(v, 0, 0), u32(uint32(t.rate)), times(v, t.frames),
		u32(1<<16), u16(1<<8, 0), u32(0, 0), matrix, make([]byte, 24), u32(nextTrackID))
	tkhd := full("tkhd", v, inMovie, times(v, 0, 0), u32(trackID, 0), times(v, t.frames),
		u32(0, 0), u16(0, 0, 1<<8, 0), matrix, u32(0, 0))
	elst := full("elst", v, 0, u32(1), times(v, t.frames, t.delay), u32(1<<16))
	return box("moov", mvhd, box("trak", tkhd, box("edts", elst), t.mdia(start)), t.udta())
}

func (t *track) mdia(start int64) []byte {
	v := t.version()
	const undetermined = 0x55C4 // "und"
	mdhd := full("mdhd", v, 0, times(v, 0, 0), u32(uint32(t.rate)), times(v, t.delay+t.frames), u16(undetermined, 0))
	hdlr := full("hdlr", 0, 0, u32(0), []byte("soun"), make([]byte, 12), []byte("Sound\x00"))
	dinf := box("dinf", full("dref", 0, 0, u32(1), full("url ", 0, 1))) // in this file
	minf := box("minf", full("smhd", 0, 0, u32(0)), dinf, t.stbl(start))
	return box("mdia", mdhd, hdlr, minf)
}

func (t *track) stbl(start int64) []byte {
	n := uint32(t.packets)
	stsd := full("stsd", 0, 0, u32(1), box("mp4a", make([]byte, 6), u16(1), u32(0, 0), u16(1, 16, 0, 0), u32(uint32(t.rate)<<16), t.esds()))
	// All packets are as long, but for the last, of which less may be heard.
	last := uint32(t.delay + t.frames - (t.packets-1)*blockFrames)
	stts := full("stts", 0, 0, u32(2, n-1, blockFrames, 1, last))
	if n == 1 {
		stts = full("stts", 0, 0, u32(1, 1, last))
	}
	stsc := full("stsc", 0, 0, u32(1, 1, n, 1))
	stsz := full("stsz", 0, 0, u32(0, n), t.sizes)
	stco := full("stco", 0, 0, u32(1, uint32(start)))
	if 8+t.bytes > math.MaxUint32 {
		stco = full("co64", 0, 0, u32(1), times(1, start))
	}
	return box("stbl", stsd, stts, stsc, stsz, stco)
}

// esds describes the codec (ISO 14496-1, elementary stream descriptor).
func (t *track) esds() []byte {
	describe := func(tag byte, parts ...[]byte) []byte {
		body := slices.Concat(parts...)
		return append([]byte{tag, 0x80, 0x80, 0x80, byte(len(body))}, body...)
	}
	const lowComplexity, mono = 2, 1
	config := u16(uint16(lowComplexity<<11 | slices.Index(rates, t.rate)<<7 | mono<<3))
	const aac, audioStream = 0x40, 0x15
	bits := uint32(bitRate(t.rate))
	decoder := describe(4, []byte{aac, audioStream, 0}, u16(uint16(t.longest)), u32(bits, bits), describe(5, config))
	return full("esds", 0, 0, describe(3, u16(0), []byte{0}, decoder, describe(6, []byte{2})))
}

// udta holds iTunes' note of delay, padding and length.
func (t *track) udta() []byte {
	padding := t.packets*blockFrames - t.delay - t.frames
	note := fmt.Sprintf(" 00000000 %08X %08X %016X", t.delay, padding, t.frames)
	for range 8 {
		note += " 00000000"
	}
	const text = 1
	entry := box("----", full("mean", 0, 0, []byte("com.apple.iTunes")), full("name", 0, 0, []byte("iTunSMPB")),
		box("data", u32(text, 0), []byte(note)))
	hdlr := full("hdlr", 0, 0, u32(0), []byte("mdirappl"), make([]byte, 9))
	return box("udta", full("meta", 0, 0, hdlr, box("ilst", entry)))
}
