package mp3

import (
	"encoding/binary"
	"fmt"
)

// Delays in frames: LAME's encoder begins that late, and any decoder later
// still. An Info frame tells the first, and players know the second.
const (
	encoderDelay = 576
	decoderDelay = 529
)

// infoSize is the length in bytes of the Info tag with all of its fields.
const infoSize = 156

// infoFrame is the packet before all others: silence for a decoder that does
// not know it, and for all others a tag (known as Xing's, with LAME's addition)
// of how many packets and bytes follow and how many frames of delay and
// padding they hold. like is a packet of the file.
func infoFrame(like header, packets int64, bytes int64, padding int64) ([]byte, error) {
	h, err := infoHeader(like)
	if err != nil {
		return nil, err
	}
	frame := make([]byte, h.size())
	binary.BigEndian.PutUint32(frame, uint32(h))
	const hasFrames, hasBytes, hasTOC, hasQuality = 1, 2, 4, 8
	tag := frame[4+h.sideInfo():][:0]
	tag = append(tag, "Info"...)
	tag = binary.BigEndian.AppendUint32(tag, hasFrames|hasBytes|hasTOC|hasQuality)
	tag = binary.BigEndian.AppendUint32(tag, uint32(packets))
	tag = binary.BigEndian.AppendUint32(tag, uint32(int64(len(frame))+bytes))
	for percent := range 100 { // where to seek: constant bit rate
		tag = append(tag, byte(percent*256/100))
	}
	tag = binary.BigEndian.AppendUint32(tag, 0) // quality, not said

	// Players look for the name "LAME" before they believe what follows.
	tag = append(tag, "LAME3.100"...)
	const constantBitRate = 1
	tag = append(tag, constantBitRate, 0)              // low-pass not said
	tag = append(tag, make([]byte, 4+2+2)...)          // no peak, no gains
	tag = append(tag, 0, byte(min(like.kbps(), 0xFF))) // flags; bit rate
	tag = append(tag, byte(encoderDelay>>4), byte(encoderDelay&15<<4|padding>>8), byte(padding))
	tag = append(tag, make([]byte, 1+1+2)...) // source, gain, preset: not said
	tag = binary.BigEndian.AppendUint32(tag, uint32(int64(len(frame))+bytes))
	tag = append(tag, 0, 0) // checksum of the sound: not said
	sum := crc16(frame[:4+h.sideInfo()+len(tag)])
	binary.BigEndian.AppendUint16(tag, sum)
	return frame, nil
}

// infoHeader is like, without padding, at the lowest bit rate whose packets
// have room for the tag.
func infoHeader(like header) (header, error) {
	const kbpsBits, paddingBit = 15 << 12, 1 << 9
	for index := header(1); index < 15; index++ {
		h := like&^(kbpsBits|paddingBit) | index<<12
		if h.size() >= 4+h.sideInfo()+infoSize {
			return h, nil
		}
	}
	return 0, fmt.Errorf("no packet at %d Hz has room for an Info tag", like.hertz())
}

// crc16 is CRC-16/ARC, which LAME puts at the end of the tag.
func crc16(b []byte) uint16 {
	var crc uint16
	for _, x := range b {
		crc ^= uint16(x)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0xA001
			} else {
				crc >>= 1
			}
		}
	}
	return crc
}
