package server

import "golang.org/x/net/http2"

// Messages of gRPC's own transport take memory as they come, like bodies of REST,
// but the library shows them only when they are whole. So they are counted where
// their frames come in, until their calls have ended. When all together have too
// much, the connection that has the most is cut off.

// uploads are the calls of a connection and the bytes that came for each. They
// are guarded by the flood's mutex.
type uploads struct {
	most  int64                  // that one call can hold: the largest message
	calls map[uint32]*nativeCall // by stream; a stream that is not there has ended
}

// nativeCall is one under way by gRPC's own transport.
type nativeCall struct {
	held   int64
	answer message // where its answer is
}

// received counts a frame from the client and returns by how much it grows.
func (u *uploads) received(h frameHead) int64 {
	if u.calls == nil {
		return 0
	}
	known := u.calls[h.stream]
	switch {
	case h.typ == http2.FrameHeaders && known == nil:
		u.calls[h.stream] = &nativeCall{}
	case h.typ == http2.FrameData && known != nil:
		more := min(int64(h.length), u.most-known.held)
		known.held += more
		return more
	case h.typ == http2.FrameRSTStream:
		return u.end(h.stream)
	}
	return 0
}

// sent follows the server's frames.
func (u *uploads) sent(h frameHead) int64 {
	if h.typ == http2.FrameRSTStream || (h.typ == http2.FrameHeaders || h.typ == http2.FrameData) && h.last() {
		return u.end(h.stream)
	}
	return 0
}

func (u *uploads) end(stream uint32) int64 {
	ended := u.calls[stream]
	if ended == nil {
		return 0
	}
	delete(u.calls, stream)
	return -ended.held
}

// hold counts n more bytes for c, and cuts off who has the most when all have too
// much.
func (cs *connections) hold(c *conn, n int64) {
	if n == 0 {
		return
	}
	cs.mu.Lock()
	if !cs.open[c] { // what it had was given back when it was closed
		cs.mu.Unlock()
		return
	}
	c.uploaded += n
	cs.uploaded += n
	var most *conn
	if n > 0 && cs.uploaded > cs.uploads {
		for other := range cs.open {
			if most == nil || other.uploaded > most.uploaded {
				most = other
			}
		}
	}
	var size int64
	if most != nil {
		size = most.uploaded
	}
	cs.mu.Unlock()
	if most != nil {
		cs.log.Warn("a connection is cut off: the messages of calls under way take all the memory that is set aside for them",
			"client", most.remote.String(), "bytes", size)
		_ = most.Close()
	}
}
