package server

import (
	"encoding/base64"
	"encoding/binary"
)

// base64Pairs is the text of 12 bits, two characters, the first in the lower byte.
var base64Pairs = func() (pairs [1 << 12]uint16) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for bits := range pairs {
		pairs[bits] = uint16(alphabet[bits>>6]) | uint16(alphabet[bits&0x3f])<<8
	}
	return pairs
}()

// encodeBase64 writes the base64 of sound into text, which has room for it, and
// returns what it wrote. It is base64.StdEncoding in a fifth of the time: that is a
// seventh of what an answer of 16-bit sound costs.
func encodeBase64(text, sound []byte) []byte {
	text = text[:base64.StdEncoding.EncodedLen(len(sound))]
	rest := text
	for len(sound) >= 8 { // six of them at a time, with the two behind them
		bits := binary.BigEndian.Uint64(sound)
		binary.LittleEndian.PutUint64(rest, uint64(base64Pairs[bits>>52])|
			uint64(base64Pairs[bits>>40&0xfff])<<16|
			uint64(base64Pairs[bits>>28&0xfff])<<32|
			uint64(base64Pairs[bits>>16&0xfff])<<48)
		sound, rest = sound[6:], rest[8:]
	}
	base64.StdEncoding.Encode(rest, sound)
	return text
}
