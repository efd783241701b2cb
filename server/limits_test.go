package server_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	grpcgzip "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server"
)

// spaces is a body of many spaces that holds none of them.
type spaces struct{ left atomic.Int64 }

func newSpaces(n int64) *spaces {
	s := &spaces{}
	s.left.Store(n)
	return s
}

func (s *spaces) Read(p []byte) (int, error) {
	left := s.left.Load()
	if left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), left)
	for i := range p[:n] {
		p[i] = ' '
	}
	s.left.Store(left - n)
	return int(n), nil
}

// TestHugeBodiesAreRefusedEarly: of 100 MB nearly nothing is read, and nothing
// is kept.
func TestHugeBodiesAreRefusedEarly(t *testing.T) {
	w := start(t)
	for _, length := range []int64{100 << 20, -1} { // announced, and chunked
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		body := newSpaces(100 << 20)
		req, err := http.NewRequest("POST", w.url+"/v1/text:synthesize", body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		resp, err := w.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		got := reply{resp.StatusCode, resp.Header, text}
		if f := got.failure(t); got.code != 400 || f.Status != "INVALID_ARGUMENT" || f.Message != "Request payload size exceeds the limit: 4194304 bytes." {
			t.Errorf("got %d %v", got.code, f)
		}
		runtime.ReadMemStats(&after)
		// Not what is in use but all that was ever allocated, by the client
		// too: whoever keeps the body needs more than its size.
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 50<<20 {
			t.Errorf("length %d: allocated %d MB", length, grown>>20)
		}
		if taken := 100<<20 - body.left.Load(); taken > 16<<20 {
			t.Errorf("length %d: the server took %d MB", length, taken>>20)
		}
	}
}

func zipped(t *testing.T, plain io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGzipBodies(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.MaxBodyBytes = 128 << 10 })
	header := map[string]string{"Content-Encoding": "gzip", "Content-Type": "application/json"}
	body := zipped(t, strings.NewReader(`{"input":{"text":"hello"}}`))
	got := w.send(t, request{"POST", "/v1/text:synthesize", body, header})
	if answer := got.decode(t); got.code != 200 || answer["audioContent"] != "aGVsbG8=" {
		t.Errorf("got %d %v", got.code, answer)
	}
	bomb := zipped(t, newSpaces(8<<20))
	if len(bomb) > 64<<10 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got = w.send(t, request{"POST", "/v1/text:synthesize", bomb, header})
	if f := got.failure(t); got.code != 400 || !strings.Contains(f.Message, "exceeds the limit") {
		t.Errorf("bomb: got %d %v", got.code, f)
	}
	// Whoever unpacked all of it needed more than its 8 MB.
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 4<<20 {
		t.Errorf("bomb: allocated %d KB", (after.TotalAlloc-before.TotalAlloc)>>10)
	}
	got = w.send(t, request{"POST", "/v1/text:synthesize", body[:len(body)-4], header})
	if got.code != 400 || got.failure(t).Status != "INVALID_ARGUMENT" {
		t.Errorf("cut short: got %d %s", got.code, got.body)
	}
}

func TestBodyLimitIsExact(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.MaxBodyBytes = 100 })
	fits := `{"input":{"text":"hello"}}`
	fits += strings.Repeat(" ", 100-len(fits))
	for _, encoding := range []string{"", "gzip"} {
		for body, want := range map[string]int{fits: 200, fits + " ": 400} {
			if encoding == "gzip" {
				body = zipped(t, strings.NewReader(body))
			}
			if got := w.send(t, request{"POST", "/v1/text:synthesize", body, map[string]string{"Content-Encoding": encoding}}); got.code != want {
				t.Errorf("%s: got %d %s, want %d", encoding, got.code, got.body, want)
			}
		}
	}
}

func TestGRPCMessageLimit(t *testing.T) {
	w := start(t)
	client := texttospeechpb.NewTextToSpeechClient(w.conn)
	say := func(n int, opts ...grpc.CallOption) error {
		_, err := client.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{Input: &texttospeechpb.SynthesisInput{
			InputSource: &texttospeechpb.SynthesisInput_Text{Text: strings.Repeat("a", n)}}}, opts...)
		return err
	}
	gzipped := grpc.UseCompressor(grpcgzip.Name)
	for _, opts := range [][]grpc.CallOption{nil, {gzipped}} {
		if err := say(1<<20, opts...); err != nil {
			t.Errorf("1 MB: %v", err)
		}
		if err := say(5<<20, opts...); status.Code(err) != codes.ResourceExhausted {
			t.Errorf("5 MB: %v", err)
		}
	}
}

// TestSlowBodies: a client that stops in the middle of its body is told so and
// holds nothing for long.
func TestSlowBodies(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyTimeout = 30 * time.Millisecond })
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /v1/text:synthesize HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if f := (reply{resp.StatusCode, resp.Header, text}).failure(t); resp.StatusCode != 504 || f.Status != "DEADLINE_EXCEEDED" {
		t.Errorf("got %d %v", resp.StatusCode, f)
	}
}

func TestLargeAnswers(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.MaxBodyBytes = 32 << 20; cfg.MaxMessageBytes = 32 << 20 })
	text := strings.Repeat("a", 6<<20)
	got := w.send(t, request{method: "POST", path: "/v1/text:synthesize", body: `{"input":{"text":"` + text + `"}}`})
	if audio, _ := got.decode(t)["audioContent"].(string); got.code != 200 || len(audio) != 8<<20 {
		t.Errorf("got %d, %d bytes of base64", got.code, len(audio))
	}
}

// TestBodyLimitOfAMethod: a method's own bound holds where it is the lower one.
func TestBodyLimitOfAMethod(t *testing.T) {
	body := `{"input":{"text":"hello"}}` + strings.Repeat(" ", 80)
	for bound, want := range map[int64]int{50: 400, 200: 200} {
		w := start(t, func(cfg *server.Config) { cfg.VerbBytes = map[string]int64{"synthesize": bound} })
		if got := w.send(t, request{"POST", "/v1/text:synthesize", body, nil}); got.code != want {
			t.Errorf("%d: got %d %s", bound, got.code, got.body)
		}
		if got := w.send(t, request{"POST", "/v1/operations/1:cancel", body, nil}); strings.Contains(string(got.body), "payload size") {
			t.Errorf("%d of another method: %s", bound, got.body)
		}
	}
	w := start(t, func(cfg *server.Config) { cfg.MaxBodyBytes, cfg.VerbBytes = 50, map[string]int64{"synthesize": 200} })
	if got := w.send(t, request{"POST", "/v1/text:synthesize", body, nil}); got.code != 400 {
		t.Errorf("beyond the bound of all: got %d %s", got.code, got.body)
	}
}
