package server

import "encoding/binary"

// message is where the answer of a call of gRPC is: each of its messages is five bytes,
// of which the last four say how many follow. What a client sends for each that came is
// its library's doing, what it sends for each piece of one is its own.
type message struct {
	prefix [5]byte
	have   int // bytes of prefix
	left   int // bytes behind it
}

// begun is how many messages begin in what the answer goes on with.
func (m *message) begun(content []byte) (n int) {
	for len(content) > 0 {
		if m.left > 0 {
			passed := min(m.left, len(content))
			m.left -= passed
			content = content[passed:]
			continue
		}
		copied := copy(m.prefix[m.have:], content)
		m.have += copied
		content = content[copied:]
		if m.have == len(m.prefix) {
			n++
			m.have, m.left = 0, int(binary.BigEndian.Uint32(m.prefix[1:]))
		}
	}
	return n
}
