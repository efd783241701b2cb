package wav

import (
	"encoding/binary"

	"github.com/lectern/lectern/audio"
)

// Format tags of RFC 2361.
const (
	tagPCM   = 1
	tagALaw  = 6
	tagMuLaw = 7
)

const (
	// elsewhere stands in a 32-bit size that ds64 holds, or that nobody knows.
	elsewhere = 0xFFFFFFFF
	// chunkHeader is the length of a chunk's name and size.
	chunkHeader = 8
	ds64Size    = 28
)

// Header is everything up to the first frame.
//
//	RIFF or RF64, its size, WAVE
//	ds64          only in RF64: the sizes that do not fit
//	fmt           with an (empty) extension for the companded formats, as
//	              RFC 2361 asks of all that is not PCM
//	fact          the number of frames, only for the companded formats
//	data          its size
func (f *format) Header(rate audio.SampleRate, frames audio.Frames) []byte {
	form := f.formatChunk(rate)
	bodySize := f.BodySize(rate, frames)
	riffSize := int64(len("WAVE")+len(form)+chunkHeader) + bodySize + bodySize%2
	long := false
	switch {
	case frames < 0:
		riffSize, bodySize, frames = elsewhere, elsewhere, elsewhere
	case riffSize >= elsewhere:
		long = true
		riffSize += chunkHeader + ds64Size
	}

	b := make([]byte, 0, 128)
	if long {
		b = appendChunk(b, "RF64", elsewhere)
		b = append(b, "WAVE"...)
		b = appendChunk(b, "ds64", ds64Size)
		b = binary.LittleEndian.AppendUint64(b, uint64(riffSize))
		b = binary.LittleEndian.AppendUint64(b, uint64(bodySize))
		b = binary.LittleEndian.AppendUint64(b, uint64(frames))
		b = binary.LittleEndian.AppendUint32(b, 0) // no further sizes
	} else {
		b = appendChunk(b, "RIFF", riffSize)
		b = append(b, "WAVE"...)
	}
	b = append(b, form...)
	if f.tag != tagPCM {
		binary.LittleEndian.PutUint32(b[len(b)-4:], uint32(min(frames, elsewhere)))
	}
	return appendChunk(b, "data", min(bodySize, elsewhere))
}

// formatChunk is the chunks fmt and fact, the count in fact, last, still zero.
func (f *format) formatChunk(rate audio.SampleRate) []byte {
	size := int64(16)
	if f.tag != tagPCM {
		size = 18
	}
	b := appendChunk(nil, "fmt ", size)
	b = binary.LittleEndian.AppendUint16(b, f.tag)
	b = binary.LittleEndian.AppendUint16(b, 1) // channels
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(int64(rate)*f.bytesPerFrame))
	b = binary.LittleEndian.AppendUint16(b, uint16(f.bytesPerFrame))
	b = binary.LittleEndian.AppendUint16(b, uint16(8*f.bytesPerFrame))
	if f.tag == tagPCM {
		return b
	}
	b = binary.LittleEndian.AppendUint16(b, 0) // length of the extension
	b = appendChunk(b, "fact", 4)
	return binary.LittleEndian.AppendUint32(b, 0)
}

func appendChunk(b []byte, name string, size int64) []byte {
	b = append(b, name...)
	return binary.LittleEndian.AppendUint32(b, uint32(size))
}
