package command

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// TestStreamsOfAConnection: of 3,000 calls that are begun on one connection, no more
// than a thousand are under way, whichever transport serves it.
func TestStreamsOfAConnection(t *testing.T) {
	c := build(t)
	for _, contentType := range []string{"application/grpc", "application/json"} {
		const many, most = 3000, 1000
		conn := c.raw(t)
		defer conn.Close()
		var b bytes.Buffer
		b.WriteString(http2.ClientPreface)
		f := http2.NewFramer(&b, conn)
		_ = f.WriteSettings()
		for i := range uint32(many) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 2*i + 1, BlockFragment: block(contentType), EndHeaders: true})
		}
		_ = f.WritePing(false, [8]byte{1})
		go func() { _, _ = conn.Write(b.Bytes()) }()
		refused := 0
		for {
			frame, err := f.ReadFrame()
			if err != nil { // it is cut off
				refused = max(refused, many-most)
				break
			}
			if reset, ok := frame.(*http2.RSTStreamFrame); ok && (reset.ErrCode == http2.ErrCodeRefusedStream || reset.ErrCode == http2.ErrCodeEnhanceYourCalm) {
				refused++
			}
			if _, ok := frame.(*http2.GoAwayFrame); ok {
				refused = max(refused, many-most)
				break
			}
			if ping, ok := frame.(*http2.PingFrame); ok && ping.IsAck() && ping.Data[0] == 1 {
				break
			}
		}
		if refused < many-most {
			t.Errorf("%s: %d of %d streams were refused", contentType, refused, many)
		}
	}
	c.mustNotHaveFailed(t)
}

// TestHeadersAreBounded: a request with 100 kB of headers is refused, over each
// transport, and nothing but its connection ends.
func TestHeadersAreBounded(t *testing.T) {
	c := build(t)
	large := strings.Repeat("a", 100<<10)
	conn := c.raw(t)
	defer conn.Close()
	go func() {
		_, _ = fmt.Fprintf(conn, "GET /v1/voices HTTP/1.1\r\nHost: localhost\r\nX-More: %s\r\n\r\n", large)
	}()
	line := make([]byte, len("HTTP/1.1 431"))
	if _, err := io.ReadFull(conn, line); err != nil || string(line) != "HTTP/1.1 431" {
		t.Errorf("HTTP/1.1: %q, %v", line, err)
	}
	for _, contentType := range []string{"application/grpc", "application/json"} {
		conn := c.raw(t)
		defer conn.Close()
		var b bytes.Buffer
		b.WriteString(http2.ClientPreface)
		f := http2.NewFramer(&b, conn)
		f.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
		_ = f.WriteSettings()
		rest := block(contentType, hpack.HeaderField{Name: "x-more", Value: large})
		for first := true; len(rest) > 0; first = false {
			n := min(len(rest), 16<<10)
			if first {
				_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: rest[:n], EndHeaders: n == len(rest), EndStream: true})
			} else {
				_ = f.WriteContinuation(1, n == len(rest), rest[:n])
			}
			rest = rest[n:]
		}
		go func() { _, _ = conn.Write(b.Bytes()) }()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				break // cut off
			}
			if h, ok := frame.(*http2.MetaHeadersFrame); ok {
				if status := h.PseudoValue("status"); status != "431" {
					t.Errorf("%s: the answer is %s", contentType, status)
				}
				break
			}
			switch frame.(type) {
			case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			default:
				continue
			}
			break
		}
	}
	r, err := http.Get("http://" + c.address + "/v1/voices")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %v", err)
	}
	r.Body.Close()
	c.mustNotHaveFailed(t)
}
