package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/server"
)

// begin opens a connection and sends the beginning of a request whose body
// would have length bytes.
func (w *wire) begin(t *testing.T, length int, body string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := fmt.Fprintf(conn, "POST /v1/text:synthesize HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", length, body); err != nil {
		t.Fatal(err)
	}
	return conn
}

// answer reads what the server says on conn.
func answer(t *testing.T, conn net.Conn) reply {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, text}
}

// TestAPromisedBodyCostsNothing: 200 bodies of 4 MiB of which a byte has come.
func TestAPromisedBodyCostsNothing(t *testing.T) {
	w := start(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 200 {
		w.begin(t, 4<<20, "{")
	}
	// The server is at all of them once a later one is served.
	if got := w.send(t, request{method: "POST", path: "/v1/text:synthesize", body: "{}"}); got.code != 200 {
		t.Fatalf("a bystander got %d %s", got.code, got.body)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
		t.Errorf("allocated %d MB for 200 bytes", grown>>20)
	}
}

// TestBodiesShareABudget: what all have sent counts, not what they promise, and
// is free again once they are gone.
func TestBodiesShareABudget(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyMemory = 1 << 20 })
	began, release, _ := held(w)
	body := `{"input":{"text":"` + strings.Repeat("a", 600<<10) + `"}}`
	first := w.begin(t, len(body), body)
	within(t, 5*time.Second, began, "the first body is there")
	got := answer(t, w.begin(t, len(body), body))
	if f := got.failure(t); got.code != 429 || f.Status != "RESOURCE_EXHAUSTED" || got.header.Get("Retry-After") != "1" {
		t.Errorf("got %d %v, Retry-After %q", got.code, f, got.header.Get("Retry-After"))
	}
	close(release)
	if got := answer(t, first); got.code != 200 {
		t.Errorf("the first got %d %.200s", got.code, got.body)
	}
	if got := answer(t, w.begin(t, len(body), body)); got.code != 200 {
		t.Errorf("after it: %d %.200s", got.code, got.body)
	}
}

// TestABodyKeepsAPace: who sends next to nothing is cut off long before the
// timeout of bodies.
func TestABodyKeepsAPace(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyTimeout = time.Hour; cfg.BodyGrace = 20 * time.Millisecond })
	got := answer(t, w.begin(t, 100, "{"))
	if f := got.failure(t); got.code != 504 || f.Status != "DEADLINE_EXCEEDED" {
		t.Errorf("got %d %v", got.code, f)
	}
}
