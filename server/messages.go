package server

import (
	"encoding/binary"

	"golang.org/x/net/http2"
)

// messages follows the answers of gRPC's calls on a connection, message by message:
// what a client sends for each that came is its library's doing, what it sends for each
// piece of one is its own. They are guarded by the flood's mutex.
type messages struct {
	calls map[uint32]*message // by stream, that under way; nil when the answers are not gRPC's
}

// message is one in an answer: five bytes, of which the last four say how many follow.
type message struct {
	prefix [5]byte
	have   int // bytes of prefix
	left   int // bytes behind it
}

// received follows the client's frames.
func (m *messages) received(h frameHead) {
	switch {
	case m.calls == nil:
	case h.typ == http2.FrameHeaders && m.calls[h.stream] == nil:
		m.calls[h.stream] = &message{}
	case h.typ == http2.FrameRSTStream:
		delete(m.calls, h.stream)
	}
}

// sent follows the server's frames.
func (m *messages) sent(h frameHead) {
	if h.typ == http2.FrameRSTStream || h.typ == http2.FrameHeaders && h.last() {
		delete(m.calls, h.stream)
	}
}

// begun is how many messages begin in content of a stream.
func (m *messages) begun(stream uint32, content []byte) (n int) {
	now := m.calls[stream]
	if now == nil {
		return 0
	}
	for len(content) > 0 {
		if now.left > 0 {
			passed := min(now.left, len(content))
			now.left -= passed
			content = content[passed:]
			continue
		}
		copied := copy(now.prefix[now.have:], content)
		now.have += copied
		content = content[copied:]
		if now.have == len(now.prefix) {
			n++
			now.have, now.left = 0, int(binary.BigEndian.Uint32(now.prefix[1:]))
		}
	}
	return n
}
