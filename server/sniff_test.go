package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// sniffed is what became of a connection.
type sniffed struct {
	replay *replayed
	native bool
	err    error
}

// sniffing runs sniff on one end of a pipe, closes it if it failed, and returns
// the other end, from which the server's frames are read. It is for use in a
// bubble, where time stands still until everybody waits.
func sniffing(t *testing.T) (client net.Conn, frames *http2.Framer, result chan sniffed) {
	t.Helper()
	client, conn := net.Pipe()
	t.Cleanup(func() { _, _ = client.Close(), conn.Close() })
	result = make(chan sniffed, 1)
	go func() {
		replay, native, err := sniff(conn)
		if err != nil {
			_ = conn.Close()
		}
		result <- sniffed{replay, native, err}
	}()
	return client, http2.NewFramer(client, client), result
}

func write(t *testing.T, w io.Writer, parts ...string) {
	t.Helper()
	if _, err := io.WriteString(w, strings.Join(parts, "")); err != nil {
		t.Fatal(err)
	}
}

// written is what fn writes as frames.
func written(fn func(*http2.Framer)) string {
	var b bytes.Buffer
	fn(http2.NewFramer(&b, nil))
	return b.String()
}

// block is an HPACK block of a request's headers.
func block(headers ...string) []byte {
	var b bytes.Buffer
	enc := hpack.NewEncoder(&b)
	headers = append([]string{":method", "POST", ":scheme", "http", ":authority", "h", ":path", "/s/m"}, headers...)
	for i := 0; i < len(headers); i += 2 {
		_ = enc.WriteField(hpack.HeaderField{Name: headers[i], Value: headers[i+1]})
	}
	return b.Bytes()
}

func request(headers ...string) string {
	return written(func(f *http2.Framer) {
		_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block(headers...), EndHeaders: true})
	})
}

var (
	settings    = written(func(f *http2.Framer) { _ = f.WriteSettings() })
	settingsAck = written(func(f *http2.Framer) { _ = f.WriteSettingsAck() })
	ping        = written(func(f *http2.Framer) { _ = f.WritePing(false, [8]byte{1, 2, 3}) })
	grpcCall    = request("content-type", "application/grpc")
	restCall    = request("content-type", "application/json")
	restBody    = written(func(f *http2.Framer) { _ = f.WriteData(1, true, []byte("{}")) })
)

// inParts are a request's headers in frames of size bytes.
func inParts(size int, headers ...string) string {
	rest := block(headers...)
	return written(func(f *http2.Framer) {
		_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: rest[:size]})
		for rest = rest[size:]; len(rest) > size; rest = rest[size:] {
			_ = f.WriteContinuation(1, false, rest[:size])
		}
		_ = f.WriteContinuation(1, true, rest)
	})
}

var splitCall = inParts(10, "content-type", "application/grpc+proto", "a", strings.Repeat("x", 100))

// TestSniffWhole is of clients that do not wait for the server's settings.
func TestSniffWhole(t *testing.T) {
	h2 := http2.ClientPreface + settings
	for _, tt := range []struct {
		name, sent string
		native     bool
	}{
		{"HTTP/1", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", false},
		{"HTTP/1 that begins like HTTP/2", "PRI * HTTP/1.1\r\nHost: h\r\n\r\n", false},
		{"gRPC", h2 + grpcCall, true},
		{"gRPC of a codec", h2 + request("content-type", "application/grpc+proto"), true},
		{"gRPC over CONTINUATION", h2 + splitCall, true},
		{"gRPC after other frames", h2 + ping + written(func(f *http2.Framer) { _ = f.WriteWindowUpdate(0, 1000) }) + grpcCall, true},
		{"gRPC-Web", h2 + request("content-type", "application/grpc-web+proto"), false},
		{"gRPC from a proxy", h2 + request("content-type", "application/grpc", "x-forwarded-proto", "http"), false},
		{"REST", h2 + restCall + restBody, false},
		{"no content type", h2 + request(), false},
		{"gRPC on the second stream", h2 + restCall + grpcCall, false},
		{"too many headers", h2 + inParts(10000, "content-type", "application/grpc", "a", strings.Repeat("{", 100_000)), false},
		{"no end of CONTINUATION", h2 + written(func(f *http2.Framer) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block()})
			for range 20000 {
				_ = f.WriteContinuation(1, false, nil)
			}
		}), false},
		{"garbage after the preface", http2.ClientPreface + "GET / HTTP/1.1\r\nHost: h\r\n\r\n", false},
		{"no settings first", http2.ClientPreface + grpcCall, false},
		{"an acknowledgement first", http2.ClientPreface + settingsAck + grpcCall, false},
		{"garbage after the settings", h2 + strings.Repeat("garbage", 10), false},
		{"garbage in the headers", h2 + written(func(f *http2.Framer) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: bytes.Repeat([]byte{0xff}, 30), EndHeaders: true})
		}), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn := &recording{in: strings.NewReader(tt.sent)}
			replay, native, err := sniff(conn)
			if err != nil || native != tt.native {
				t.Fatalf("native %v, error %v; want %v", native, err, tt.native)
			}
			if len(replay.beginning) > maxSniffed {
				t.Errorf("%d bytes were read", len(replay.beginning))
			}
			if got, err := io.ReadAll(replay); err != nil || string(got) != tt.sent {
				t.Errorf("replayed %d of %d bytes, %v", len(got), len(tt.sent), err)
			}
			if !conn.deadline.IsZero() {
				t.Error("a deadline was left")
			}
		})
	}
}

// recording is a connection whose client has said everything in advance.
type recording struct {
	net.Conn // nil: sniff needs no more than the methods below
	in       *strings.Reader
	out      bytes.Buffer
	deadline time.Time
}

func (r *recording) Read(p []byte) (int, error)    { return r.in.Read(p) }
func (r *recording) Write(p []byte) (int, error)   { return r.out.Write(p) }
func (r *recording) SetDeadline(t time.Time) error { r.deadline = t; return nil }

// greeting reads the settings that the server sends ahead.
func greeting(t *testing.T, frames *http2.Framer) {
	t.Helper()
	frame, err := frames.ReadFrame()
	if got, ok := frame.(*http2.SettingsFrame); err != nil || !ok || got.IsAck() {
		t.Fatalf("instead of settings: %v, %v", frame, err)
	}
}

// TestSniffOfAClientThatWaits: settings are sent ahead, their acknowledgement
// is not replayed, and pings are answered once.
func TestSniffOfAClientThatWaits(t *testing.T) {
	for name, tt := range map[string]struct {
		sent, replayed []string
		native         bool
	}{
		"gRPC":                           {[]string{settingsAck, ping, grpcCall}, []string{grpcCall}, true},
		"gRPC that is acknowledged late": {[]string{grpcCall + settingsAck}, []string{grpcCall + settingsAck}, true},
		"REST":                           {[]string{settingsAck, restCall}, []string{restCall}, false},
		"REST that crosses":              {[]string{restCall, restBody, settingsAck}, []string{restCall, restBody}, false},
		"all at once":                    {[]string{settingsAck + restCall + restBody}, []string{restCall, restBody}, false},
		"garbage":                        {[]string{settingsAck, strings.Repeat("garbage", 10)}, []string{strings.Repeat("garbage", 10)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, frames, result := sniffing(t)
				write(t, client, http2.ClientPreface, settings)
				greeting(t, frames)
				for _, sent := range tt.sent {
					write(t, client, sent)
					if sent == ping {
						if frame, err := frames.ReadFrame(); err != nil || !frame.(*http2.PingFrame).IsAck() {
							t.Fatalf("instead of an answered ping: %v, %v", frame, err)
						}
					}
				}
				got := <-result
				if got.err != nil || got.native != tt.native {
					t.Fatalf("native %v, error %v; want %v", got.native, got.err, tt.native)
				}
				want := http2.ClientPreface + settings + strings.Join(tt.replayed, "")
				if string(got.replay.beginning) != want {
					t.Errorf("replayed %q, want %q", got.replay.beginning, want)
				}
			})
		})
	}
}

// TestSniffByteByByte: a slow client is understood, and what it sends later,
// after every deadline, still arrives.
func TestSniffByteByByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _, result := sniffing(t)
		go func() { _, _ = io.Copy(io.Discard, client) }()
		sent := http2.ClientPreface + settings + settingsAck + splitCall
		for i := range len(sent) {
			write(t, client, sent[i:i+1])
		}
		got := <-result
		if got.err != nil || !got.native {
			t.Fatalf("native %v, error %v", got.native, got.err)
		}
		later := time.AfterFunc(time.Hour, func() { _, _ = client.Write([]byte("later")); _ = client.Close() })
		defer later.Stop()
		all, err := io.ReadAll(got.replay)
		want := http2.ClientPreface + settings + splitCall + "later"
		if err != nil || string(all) != want {
			t.Errorf("replayed %q, %v; want %q", all, err, want)
		}
	})
}

// TestSniffOfStalledClients: whoever stops in the middle is not waited for.
func TestSniffOfStalledClients(t *testing.T) {
	begun := http2.ClientPreface + settings
	for name, parts := range map[string][]string{
		"nothing":                {""},
		"half a preface":         {http2.ClientPreface[:10]},
		"a preface":              {http2.ClientPreface},
		"half of the settings":   {http2.ClientPreface + settings[:5]},
		"no acknowledgement":     {begun},
		"half of the headers":    {begun + grpcCall[:len(grpcCall)-1]},
		"half of them, late":     {begun, settingsAck, grpcCall[:len(grpcCall)-1]},
		"no CONTINUATION":        {begun, settingsAck, splitCall[:20]},
		"REST, not acknowledged": {begun, restCall},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				client, _, result := sniffing(t)
				go func() { _, _ = io.Copy(io.Discard, client) }()
				for _, part := range parts {
					write(t, client, part)
					synctest.Wait()
				}
				if got := <-result; !errors.Is(got.err, os.ErrDeadlineExceeded) || time.Since(started) != headerTimeout {
					t.Errorf("after %v: %v", time.Since(started), got.err)
				}
			})
		})
	}
}

// TestSniffOfDepartedClients: what leaves before a request is served by nobody.
func TestSniffOfDepartedClients(t *testing.T) {
	for _, sent := range []string{"", "PRI", http2.ClientPreface, http2.ClientPreface + settings[:4], http2.ClientPreface + settings + settingsAck} {
		if _, _, err := sniff(&recording{in: strings.NewReader(sent)}); err == nil {
			t.Errorf("after %q a connection was handed over", sent)
		}
	}
}

// TestSniffOfIdleClients: a client may connect long before it calls; when it
// takes too long net/http has the rest of its patience.
func TestSniffOfIdleClients(t *testing.T) {
	for name, tt := range map[string]struct {
		wait   time.Duration
		native bool
	}{"calls in time": {idleTimeout - time.Second, true}, "never calls": {idleTimeout + time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, frames, result := sniffing(t)
				write(t, client, http2.ClientPreface, settings)
				greeting(t, frames)
				write(t, client, settingsAck)
				call := time.AfterFunc(tt.wait, func() { _, _ = client.Write([]byte(grpcCall)) })
				defer call.Stop()
				if got := <-result; got.err != nil || got.native != tt.native {
					t.Errorf("native %v, error %v; want %v", got.native, got.err, tt.native)
				}
			})
		})
	}
}

// FuzzSniff: whatever a client says, what it said is replayed, but for whole
// frames that were answered; and only HTTP/2 is gRPC's.
func FuzzSniff(f *testing.F) {
	for _, seed := range []string{
		"", "GET / HTTP/1.1\r\n\r\n", http2.ClientPreface, http2.ClientPreface + settings + grpcCall,
		http2.ClientPreface + settings + settingsAck + ping + restCall + restBody, http2.ClientPreface + settings + splitCall,
		http2.ClientPreface + settings + "garbage",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		replay, native, err := sniff(&recording{in: strings.NewReader(string(sent))})
		if err != nil {
			return
		}
		if native && !bytes.HasPrefix(sent, []byte(http2.ClientPreface)) {
			t.Error("not HTTP/2, but gRPC")
		}
		got, err := io.ReadAll(replay)
		if err != nil {
			t.Fatal(err)
		}
		rest := sent
		for _, c := range got {
			i := bytes.IndexByte(rest, c)
			if i < 0 {
				t.Fatalf("sent %q, replayed %q", sent, got)
			}
			rest = rest[i+1:]
		}
	})
}
