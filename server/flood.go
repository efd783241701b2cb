package server

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
)

// Frames of HTTP/2 that cost the client nothing and the server work, such as
// resets and settings, are counted against what the connection is good for: calls
// that end, and content that is sent. Who floods is cut off. A connection begins
// with floodRoom; each second adds floodRefill, each call that ends perCall, and
// each KiB of content one, up to floodRoom.
//
// Over gRPC each message adds perMessage besides: streams of speech come in messages of a
// hundred bytes, and for each of them gRPC's client for Go opens its window and measures
// the way with a ping. Frames do not: a client that opens its window by a few bytes at a
// time has one message cut into thousands.
const (
	floodRoom   = 2000
	floodRefill = 200
	perCall     = 20
	perMessage  = 2
)

// flood is the account of one connection. Its two directions may be scanned at
// the same time.
type flood struct {
	now func() time.Time

	mu       sync.Mutex
	left     int
	refilled time.Time

	in, out frameScanner
	uploads uploads // of gRPC's own transport only
}

func newFlood(now func() time.Time) *flood {
	f := &flood{now: now, left: floodRoom, refilled: now()}
	f.in.skip = len(http2.ClientPreface)
	return f
}

// received counts what has come, and reports whether it is too much, and how many
// more bytes of messages there are.
func (f *flood) received(p []byte) (tooMuch bool, more int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	cost := 0
	f.in.scan(p, func(h frameHead) {
		more += f.uploads.received(h)
		switch h.typ {
		case http2.FrameHeaders: // the streams that may be open are bounded
		case http2.FramePing, http2.FrameSettings:
			if !h.ack() {
				cost++
			}
		case http2.FrameData:
			if h.length < 16 && !h.last() {
				cost++
			}
		default:
			cost++
		}
	}, nil)
	return cost > 0 && f.add(-cost) < 0, more
}

// sent counts what the server has to say.
func (f *flood) sent(p []byte) (more int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	earned := 0
	f.out.scan(p, func(h frameHead) {
		more += f.uploads.sent(h)
		switch {
		case h.typ == http2.FrameHeaders && h.last():
			earned += perCall
		case h.typ == http2.FrameData:
			earned += h.length >> 10
			if h.last() {
				earned += perCall
			}
		}
	}, func(h frameHead, content []byte) {
		if c := f.uploads.calls[h.stream]; c != nil && h.typ == http2.FrameData {
			earned += perMessage * c.answer.begun(content)
		}
	})
	if earned > 0 {
		f.add(earned)
	}
	return more
}

// add is what is left after n more, refilled only when it must be.
func (f *flood) add(n int) int {
	f.left = min(f.left+n, floodRoom)
	if f.left < 0 {
		now := f.now()
		f.left = min(f.left+int(now.Sub(f.refilled).Seconds()*floodRefill), floodRoom)
		f.refilled = now
	}
	return f.left
}

// watched is a connection of HTTP/2 that is closed when its client floods it.
type watched struct {
	*replayed
	flood *flood
	conn  *conn // nil when nobody counts its messages
}

// watch is replay, watched when it is one of HTTP/2. The messages of a native one
// are counted.
func watch(replay *replayed, native bool) net.Conn {
	if !bytes.HasPrefix(replay.beginning, []byte(http2.ClientPreface)) {
		return replay
	}
	w := &watched{replayed: replay, flood: newFlood(time.Now)}
	if native {
		w.flood.uploads.calls = map[uint32]*nativeCall{}
	}
	if known, _ := beneath(replay); known != nil && native {
		w.conn = known
		w.flood.uploads.most = known.of.largest
	}
	return w
}

var errFlooded = errors.New("server: the client sent too many frames that ask for nothing")

func (c *watched) Read(p []byte) (int, error) {
	n, err := c.replayed.Read(p)
	flooded, more := c.flood.received(p[:n])
	if flooded {
		_ = c.Close()
		return 0, errFlooded
	}
	if c.conn != nil {
		c.conn.of.hold(c.conn, more)
	}
	return n, err
}

func (c *watched) Write(p []byte) (int, error) {
	if more := c.flood.sent(p); c.conn != nil {
		c.conn.of.hold(c.conn, more)
	}
	return c.replayed.Write(p)
}

// frameHead is the beginning of a frame.
type frameHead struct {
	length int
	typ    http2.FrameType
	flags  http2.Flags
	stream uint32
}

func (h frameHead) ack() bool  { return h.flags.Has(http2.FlagPingAck) }
func (h frameHead) last() bool { return h.flags.Has(http2.FlagDataEndStream) }

// frameScanner finds the frames in a stream of bytes that comes in parts.
type frameScanner struct {
	skip    int       // bytes until the next frame begins
	within  frameHead // whose they are
	head    [9]byte
	partial int // bytes of head that are there
}

// scan tells of each frame that begins in p, and of what of its content is there to
// whoever wants to know.
func (s *frameScanner) scan(p []byte, found func(frameHead), content func(frameHead, []byte)) {
	for len(p) > 0 {
		if n := min(s.skip, len(p)); n > 0 {
			if content != nil {
				content(s.within, p[:n])
			}
			s.skip -= n
			p = p[n:]
			continue
		}
		n := copy(s.head[s.partial:], p)
		s.partial += n
		p = p[n:]
		if s.partial < len(s.head) {
			return
		}
		s.partial = 0
		h := frameHead{int(binary.BigEndian.Uint32(s.head[:4]) >> 8), http2.FrameType(s.head[3]), http2.Flags(s.head[4]), binary.BigEndian.Uint32(s.head[5:]) &^ (1 << 31)}
		s.skip, s.within = h.length, h
		found(h)
	}
}
