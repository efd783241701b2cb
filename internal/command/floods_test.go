package command

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// block is the headers of a request with this content type.
func block(contentType string, more ...hpack.HeaderField) []byte {
	var b bytes.Buffer
	names := hpack.NewEncoder(&b)
	for _, h := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: "/google.cloud.texttospeech.v1.TextToSpeech/ListVoices"},
		{Name: ":authority", Value: "localhost"}, {Name: "content-type", Value: contentType}, {Name: "te", Value: "trailers"},
	}, more...) {
		_ = names.WriteField(h)
	}
	return b.Bytes()
}

// TestFloodsOfHTTP2: whoever sends frames that ask for nothing is cut off, over gRPC's
// own transport and over net/http, while others are served and the memory stays.
func TestFloodsOfHTTP2(t *testing.T) {
	c := build(t)
	conn, err := grpc.NewClient(c.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	serves := func() error {
		_, err := pb.NewTextToSpeechClient(conn).ListVoices(t.Context(), &pb.ListVoicesRequest{}, grpc.WaitForReady(true))
		return err
	}
	if err := serves(); err != nil {
		t.Fatal(err)
	}
	before := c.memory(t)
	for _, contentType := range []string{"application/grpc", "application/json"} {
		for name, frame := range map[string]func(f *http2.Framer, n uint32){
			"rapid reset": func(f *http2.Framer, n uint32) {
				_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 2*n + 3, BlockFragment: block(contentType), EndHeaders: true})
				_ = f.WriteRSTStream(2*n+3, http2.ErrCodeCancel)
			},
			"settings":   func(f *http2.Framer, _ uint32) { _ = f.WriteSettings() },
			"pings":      func(f *http2.Framer, _ uint32) { _ = f.WritePing(false, [8]byte{}) },
			"empty data": func(f *http2.Framer, _ uint32) { _ = f.WriteData(1, false, nil) },
			"continuations": func(f *http2.Framer, n uint32) {
				if n == 0 {
					_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: block(contentType)})
				}
				_ = f.WriteContinuation(3, false, nil)
			},
			"headers without end": func(f *http2.Framer, n uint32) {
				more := block(contentType, hpack.HeaderField{Name: "x-more", Value: strings.Repeat("a", 8000), Sensitive: true})
				if n == 0 {
					_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: more})
				}
				_ = f.WriteContinuation(3, false, more)
			},
		} {
			t.Run(contentType+", "+name, func(t *testing.T) {
				flood := c.raw(t)
				defer flood.Close()
				// What the system holds for a server that has not looked yet is not taken by it.
				if err := flood.(*net.TCPConn).SetWriteBuffer(64 << 10); err != nil {
					t.Fatal(err)
				}
				go func() { _, _ = io.Copy(io.Discard, flood) }()
				var beginning bytes.Buffer
				beginning.WriteString(http2.ClientPreface)
				f := http2.NewFramer(&beginning, nil)
				_ = f.WriteSettings()
				_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block(contentType), EndHeaders: true})
				if _, err := flood.Write(beginning.Bytes()); err != nil {
					t.Fatal(err)
				}
				var beside sync.WaitGroup
				beside.Go(func() {
					for range 20 {
						if err := serves(); err != nil {
							t.Errorf("beside it: %v", err)
							return
						}
					}
				})
				defer beside.Wait()
				const many, atOnce = 200_000, 100
				for n := uint32(0); n < many; n += atOnce {
					var frames bytes.Buffer
					f := http2.NewFramer(&frames, nil)
					f.AllowIllegalWrites = true
					for i := range uint32(atOnce) {
						frame(f, n+i)
					}
					if _, err := flood.Write(frames.Bytes()); err != nil {
						t.Logf("cut off after %d at most", n+atOnce)
						return
					}
				}
				t.Errorf("%d frames were taken", many)
			})
		}
	}
	if after := c.memory(t); after > before+64<<20 {
		t.Errorf("the memory grew from %d to %d MB", before>>20, after>>20)
	}
	c.mustNotHaveFailed(t)
}

// TestIdleConnections: two thousand that are open and ask for nothing, over gRPC and
// over HTTP, cost less than 300 MB, and new calls are answered beside them.
func TestIdleConnections(t *testing.T) {
	const idle = 2000
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil || files.Max < 2*idle {
		t.Skipf("SKIPPED: this process may have %d files open, and needs %d", files.Max, 2*idle)
	}
	for name, flags := range map[string][]string{"all are kept": {"--max-connections", "2100"}, "as many as by default": nil} {
		t.Run(name, func(t *testing.T) {
			c := build(t, flags...)
			var open []net.Conn
			defer func() {
				for _, conn := range open {
					conn.Close()
				}
			}()
			for i := range idle {
				conn := c.raw(t)
				open = append(open, conn)
				var err error
				switch i % 3 {
				case 0:
					err = askByGRPC(conn)
				case 1:
					_, err = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
					if err == nil {
						_, err = http.ReadResponse(bufio.NewReader(conn), nil)
					}
				} // the others say nothing
				if err != nil {
					t.Fatalf("connection %d: %v", i, err)
				}
			}
			r, err := http.Post(fmt.Sprintf("http://%s/v1/text:synthesize", c.address), "application/json", strings.NewReader(`{"input":{"text":"Hello"},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != http.StatusOK {
				t.Errorf("a new call: %s", r.Status)
			}
			if flags != nil { // the first of HTTP is there still
				if _, err := io.WriteString(open[1], "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
					t.Error(err)
				}
				if again, err := http.ReadResponse(bufio.NewReader(open[1]), nil); err != nil || again.StatusCode != http.StatusOK {
					t.Errorf("a connection that was idle: %v", err)
				}
			}
			if memory := c.memory(t); memory > 300<<20 && !raceDetector {
				t.Errorf("the server has %d MB", memory>>20)
			} else {
				t.Logf("the server has %d MB", memory>>20)
			}
		})
	}
}

// askByGRPC makes a call of gRPC over conn and reads its answer to the end.
func askByGRPC(conn net.Conn) error {
	var b bytes.Buffer
	b.WriteString(http2.ClientPreface)
	f := http2.NewFramer(&b, conn)
	_ = f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 8 << 20})
	_ = f.WriteWindowUpdate(0, 8<<20)
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block("application/grpc"), EndHeaders: true})
	_ = f.WriteData(1, true, make([]byte, 5)) // an empty message
	if _, err := conn.Write(b.Bytes()); err != nil {
		return err
	}
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return err
		}
		if h, ok := frame.(*http2.HeadersFrame); ok && h.StreamEnded() {
			return nil
		}
	}
}
