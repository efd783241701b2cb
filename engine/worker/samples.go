package worker

import (
	"encoding/binary"
	"unsafe"
)

// littleEndian says that frames lie in memory as they travel, so that sound is
// moved without a look at each frame.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf is the memory of frames.
func bytesOf(frames []int16) []byte {
	if len(frames) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&frames[0])), 2*len(frames))
}

// appendFrames appends frames as s16le.
func appendFrames(to []byte, frames []int16) []byte {
	if littleEndian {
		return append(to, bytesOf(frames)...)
	}
	for _, f := range frames {
		to = binary.LittleEndian.AppendUint16(to, uint16(f))
	}
	return to
}

// fromLittleEndian turns frames that were read as s16le into the machine's order.
func fromLittleEndian(frames []int16) {
	if littleEndian {
		return
	}
	raw := bytesOf(frames)
	for i := range frames {
		frames[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
}
