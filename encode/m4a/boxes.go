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
	"strings"

	"github.com/lectern/lectern/audio"
)

// encodingName is the encoding's name in the API, encodingNameADTS that of the same sound without
// an index.
const (
	encodingName     = "M4A"
	encodingNameADTS = "AAC"
)

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

// content is bytes in parts. What is in a box stays where it is: the sizes of the
// packets, megabytes for a day of sound, lie in six boxes, one in the other.
type content [][]byte

func (c content) size() int {
	n := 0
	for _, part := range c {
		n += len(part)
	}
	return n
}

func text(s string) content { return content{[]byte(s)} }

// zeros are n bytes.
func zeros(n int) content { return content{make([]byte, n)} }

// box is a box of an MPEG-4 file: its size, its name, its parts.
func box(name string, parts ...content) content {
	inside := slices.Concat(parts...)
	return slices.Concat(u32(uint32(8+inside.size())), text(name), inside)
}

// full is a box with a version and flags.
func full(name string, version byte, flags uint32, parts ...content) content {
	return box(name, u32(uint32(version)<<24|flags), slices.Concat(parts...))
}

func u16(xs ...uint16) content {
	var b []byte
	for _, x := range xs {
		b = binary.BigEndian.AppendUint16(b, x)
	}
	return content{b}
}

func u32(xs ...uint32) content {
	var b []byte
	for _, x := range xs {
		b = binary.BigEndian.AppendUint32(b, x)
	}
	return content{b}
}

// times are numbers of 32 bits each, or of 64 in version 1.
func times(version byte, xs ...int64) content {
	var b []byte
	for _, x := range xs {
		if version == 1 {
			b = binary.BigEndian.AppendUint64(b, uint64(x))
		} else {
			b = binary.BigEndian.AppendUint32(b, uint32(x))
		}
	}
	return content{b}
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
func (t *track) header() content {
	mdat := slices.Concat(u32(uint32(8+t.bytes)), text("mdat"))
	if 8+t.bytes > math.MaxUint32 {
		mdat = slices.Concat(u32(1), text("mdat"), times(1, 16+t.bytes))
	}
	ftyp := box("ftyp", text("M4A \x00\x00\x00\x00M4A mp42isom"))
	// The place of the packets is in the index before them, whose length does
	// not depend on it.
	start := int64(ftyp.size() + t.moov(0).size() + mdat.size())
	return slices.Concat(ftyp, t.moov(start), mdat)
}

var matrix = u32(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)

func (t *track) moov(start int64) content {
	v := t.version()
	const trackID, nextTrackID = 1, 2
	const inMovie = 3 // enabled, in the movie
	mvhd := full("mvhd", v, 0, times(v, 0, 0), u32(uint32(t.rate)), times(v, t.frames),
		u32(1<<16), u16(1<<8, 0), u32(0, 0), matrix, zeros(24), u32(nextTrackID))
	tkhd := full("tkhd", v, inMovie, times(v, 0, 0), u32(trackID, 0), times(v, t.frames),
		u32(0, 0), u16(0, 0, 1<<8, 0), matrix, u32(0, 0))
	elst := full("elst", v, 0, u32(1), times(v, t.frames, t.delay), u32(1<<16))
	return box("moov", mvhd, box("trak", tkhd, box("edts", elst), t.mdia(start)), t.udta())
}

func (t *track) mdia(start int64) content {
	v := t.version()
	const undetermined = 0x55C4 // "und"
	mdhd := full("mdhd", v, 0, times(v, 0, 0), u32(uint32(t.rate)), times(v, t.delay+t.frames), u16(undetermined, 0))
	hdlr := full("hdlr", 0, 0, u32(0), text("soun"), zeros(12), text("Sound\x00"))
	dinf := box("dinf", full("dref", 0, 0, u32(1), full("url ", 0, 1))) // in this file
	minf := box("minf", full("smhd", 0, 0, u32(0)), dinf, t.stbl(start))
	return box("mdia", mdhd, hdlr, minf)
}

func (t *track) stbl(start int64) content {
	n := uint32(t.packets)
	stsd := full("stsd", 0, 0, u32(1), box("mp4a", zeros(6), u16(1), u32(0, 0), u16(1, 16, 0, 0), u32(uint32(t.rate)<<16), t.esds()))
	// All packets are as long, but for the last, of which less may be heard.
	last := uint32(t.delay + t.frames - (t.packets-1)*blockFrames)
	stts := full("stts", 0, 0, u32(2, n-1, blockFrames, 1, last))
	if n == 1 {
		stts = full("stts", 0, 0, u32(1, 1, last))
	}
	stsc := full("stsc", 0, 0, u32(1, 1, n, 1))
	stsz := full("stsz", 0, 0, u32(0, n), content{t.sizes})
	stco := full("stco", 0, 0, u32(1, uint32(start)))
	if 8+t.bytes > math.MaxUint32 {
		stco = full("co64", 0, 0, u32(1), times(1, start))
	}
	return box("stbl", stsd, stts, stsc, stsz, stco)
}

// esds describes the codec (ISO 14496-1, elementary stream descriptor).
func (t *track) esds() content {
	describe := func(tag byte, parts ...content) content {
		body := slices.Concat(parts...)
		return slices.Concat(content{{tag, 0x80, 0x80, 0x80, byte(body.size())}}, body)
	}
	const lowComplexity, mono = 2, 1
	config := u16(uint16(lowComplexity<<11 | slices.Index(rates, t.rate)<<7 | mono<<3))
	const aac, audioStream = 0x40, 0x15
	bits := uint32(bitRate(t.rate))
	decoder := describe(4, content{{aac, audioStream, 0}}, u16(uint16(t.longest)), u32(bits, bits), describe(5, config))
	return full("esds", 0, 0, describe(3, u16(0), zeros(1), decoder, describe(6, content{{2}})))
}

// udta holds iTunes' note of delay, padding and length.
func (t *track) udta() content {
	padding := t.packets*blockFrames - t.delay - t.frames
	note := fmt.Sprintf(" 00000000 %08X %08X %016X", t.delay, padding, t.frames) + strings.Repeat(" 00000000", 8)
	const utf8 = 1
	entry := box("----", full("mean", 0, 0, text("com.apple.iTunes")), full("name", 0, 0, text("iTunSMPB")),
		box("data", u32(utf8, 0), text(note)))
	hdlr := full("hdlr", 0, 0, u32(0), text("mdirappl"), zeros(9))
	return box("udta", full("meta", 0, 0, hdlr, box("ilst", entry)))
}
