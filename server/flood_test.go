package server

import (
	"bytes"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// frames are what write writes, with the preface first for a client.
func frames(client bool, write func(*http2.Framer)) []byte {
	var b bytes.Buffer
	if client {
		b.WriteString(http2.ClientPreface)
	}
	write(http2.NewFramer(&b, nil))
	return b.Bytes()
}

func TestFloods(t *testing.T) {
	for name, tt := range map[string]struct {
		write func(*http2.Framer)
		cut   bool
	}{
		"resets":                {func(f *http2.Framer) { _ = f.WriteRSTStream(1, http2.ErrCodeCancel) }, true},
		"settings":              {func(f *http2.Framer) { _ = f.WriteSettings() }, true},
		"pings":                 {func(f *http2.Framer) { _ = f.WritePing(false, [8]byte{}) }, true},
		"priorities":            {func(f *http2.Framer) { _ = f.WritePriority(1, http2.PriorityParam{}) }, true},
		"windows":               {func(f *http2.Framer) { _ = f.WriteWindowUpdate(0, 1) }, true},
		"empty data":            {func(f *http2.Framer) { _ = f.WriteData(1, false, nil) }, true},
		"continuations":         {func(f *http2.Framer) { _ = f.WriteContinuation(1, false, nil) }, true},
		"answers to our pings":  {func(f *http2.Framer) { _ = f.WritePing(true, [8]byte{}) }, false},
		"content":               {func(f *http2.Framer) { _ = f.WriteData(1, false, make([]byte, 64)) }, false},
		"the end of a body":     {func(f *http2.Framer) { _ = f.WriteData(1, true, nil) }, false},
		"calls without a reset": {func(f *http2.Framer) { _ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1}) }, false},
	} {
		now := time.Now()
		f := newFlood(func() time.Time { return now })
		sent, cut := frames(true, func(framer *http2.Framer) {
			for range 3 * floodRoom {
				tt.write(framer)
			}
		}), false
		for len(sent) > 0 && !cut { // in parts that end within frames
			n := min(len(sent), 1001)
			cut, _ = f.received(sent[:n])
			sent = sent[n:]
		}
		if cut != tt.cut {
			t.Errorf("%s: cut off: %v", name, cut)
		}
	}
}

// TestWorkPaysForFrames: a client that reads much, or many messages of gRPC, or ends many
// calls may send what goes with it for ever, and any client some.
func TestWorkPaysForFrames(t *testing.T) {
	now := time.Now()
	for name, tt := range map[string]struct {
		each  []byte // what the server sends
		costs int    // the frames that the client sends for it
		pause time.Duration
		cut   bool
	}{
		"a long answer":  {frames(false, func(f *http2.Framer) { _ = f.WriteData(1, false, make([]byte, 16<<10)) }), 2, 0, false},
		"small messages": {frames(false, func(f *http2.Framer) { _ = f.WriteData(1, false, []byte{0, 0, 0, 0, 3, 1, 2, 3}) }), 2, 0, false},
		"halves of them": {frames(false, func(f *http2.Framer) {
			_ = f.WriteData(1, false, []byte{0, 0, 0})
			_ = f.WriteData(1, false, []byte{0, 3, 1, 2, 3})
		}), 2, 0, false},
		"a tiny window": {frames(false, func(f *http2.Framer) { _ = f.WriteData(1, false, bytes.Repeat([]byte{0xff}, 900)) }), 1, 0, true},
		"calls":         {frames(false, func(f *http2.Framer) { _ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, EndStream: true}) }), 5, 0, false},
		"time":          {nil, 10, 100 * time.Millisecond, false},
	} {
		f := newFlood(func() time.Time { return now })
		f.uploads.calls = map[uint32]*nativeCall{}
		f.received(frames(true, func(f *http2.Framer) { _ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1}) }))
		asked := frames(false, func(f *http2.Framer) { _ = f.WriteWindowUpdate(0, 1) })
		cut := false
		for range 5 * floodRoom {
			f.sent(tt.each)
			for range tt.costs {
				tooMuch, _ := f.received(asked)
				cut = cut || tooMuch
			}
			now = now.Add(tt.pause)
		}
		if cut != tt.cut {
			t.Errorf("%s: cut off: %v", name, cut)
		}
	}
}
