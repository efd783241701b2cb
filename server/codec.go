package server

import (
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// codec is gRPC's own, which knows of an answer when its bytes have left: it
// hands large ones over in pieces that the transport frees one by one, as they
// are written or dropped, so that a share of memory lasts as long as its answer.
type codec struct {
	encoding.CodecV2
	patience  time.Duration // how long no piece may be taken
	malformed sync.Map      // from a message that could not be read to the reason, until it is told
	outgoing  sync.Map      // from an answer to its *departure, until it is encoded
}

func newCodec(patience time.Duration) *codec {
	return &codec{CodecV2: encoding.GetCodecV2(protocodec.Name), patience: patience}
}

// departure is an answer that is leaving. It is the pool of its pieces, which
// only learns that they are free.
type departure struct {
	share *share
	conn  *conn // nil where writes have deadlines

	patience time.Duration
	left     atomic.Int64 // pieces
	stalled  *time.Timer  // ends the connection of who takes nothing
	ended    sync.Once
}

var _ mem.BufferPool = (*departure)(nil)

// expect has the share of answer released when its bytes have left. The answer
// must be encoded next.
func (c *codec) expect(answer any, s *share, over *conn) {
	c.outgoing.Store(answer, &departure{share: s, conn: over, patience: c.patience})
}

// Marshal implements encoding.CodecV2.
func (c *codec) Marshal(v any) (mem.BufferSlice, error) {
	known, ok := c.outgoing.LoadAndDelete(v)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	d := known.(*departure)
	message, _ := v.(proto.Message) // only messages are expected
	rest, field, sound := withoutSound(message)
	head, err := proto.Marshal(rest)
	if err != nil {
		d.end()
		return nil, err
	}
	if field == nil {
		return d.pieces(nil, head), nil
	}
	head = protowire.AppendTag(head, field.Number(), protowire.BytesType)
	head = protowire.AppendVarint(head, uint64(len(sound)))
	return d.pieces(mem.BufferSlice{mem.SliceBuffer(head)}, sound), nil
}

// pieceBytes is the size of a piece, at least.
const pieceBytes = 64 << 10

func (d *departure) pieces(to mem.BufferSlice, content []byte) mem.BufferSlice {
	if d.conn != nil {
		d.stalled = time.AfterFunc(d.patience, func() { _ = d.conn.Close() })
		d.conn.departs(d)
	}
	d.left.Store(max(1, int64(len(content)/pieceBytes)))
	for {
		n := len(content)
		if n >= 2*pieceBytes {
			n = pieceBytes
		}
		piece := content[:n:n]
		to = append(to, mem.NewBuffer(&piece, d))
		if content = content[n:]; len(content) == 0 {
			return to
		}
	}
}

// Put implements mem.BufferPool: a piece has left, or never will.
func (d *departure) Put(*[]byte) {
	switch {
	case d.left.Add(-1) == 0:
		d.end()
	case d.stalled != nil:
		d.stalled.Reset(d.patience)
	}
}

// end gives the share back, when all has left or the connection is gone. Of a
// connection that ends the transport frees no pieces.
func (d *departure) end() {
	d.ended.Do(func() {
		if d.stalled != nil {
			d.stalled.Stop()
			d.conn.departed(d)
		}
		yield(d.share)
	})
}

// Get implements mem.BufferPool; nobody asks this one.
func (*departure) Get(length int) *[]byte {
	b := make([]byte, length)
	return &b
}
