package audio

import (
	"encoding/binary"
	"io"
	"unsafe"
)

// littleEndian says that frames lie in memory as they travel, so that sound is
// moved without a look at each frame.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// PCM is frames as they travel: 16-bit signed little-endian. It may be the memory
// of frames itself, and is good for as long as they are not changed.
func PCM(frames []int16) []byte {
	if littleEndian {
		return memory(frames)
	}
	bytes := make([]byte, 0, 2*len(frames))
	for _, f := range frames {
		bytes = binary.LittleEndian.AppendUint16(bytes, uint16(f))
	}
	return bytes
}

// ReadPCM fills frames from r, which gives them as [PCM] does. The errors are those
// of io.ReadFull.
func ReadPCM(r io.Reader, frames []int16) error {
	raw := memory(frames)
	if _, err := io.ReadFull(r, raw); err != nil || littleEndian {
		return err
	}
	for i := range frames {
		frames[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return nil
}

func memory(frames []int16) []byte {
	if len(frames) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&frames[0])), 2*len(frames))
}
