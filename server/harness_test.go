package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/ttsapi/restgw"
)

// wire is a running server with the services of services_test.go behind it, on
// a real socket.
type wire struct {
	*testServices
	server *server.Server
	addr   string
	url    string
	conn   *grpc.ClientConn
	client *http.Client
	log    *lockedBuffer
	served chan error
}

// start runs a server until the test ends; options change its configuration.
func start(t testing.TB, options ...func(*server.Config)) *wire {
	t.Helper()
	w := &wire{testServices: newTestServices(), log: &lockedBuffer{}, served: make(chan error, 1)}
	cfg := server.Config{
		Log:      slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Register: w.register,
		Gateway:  restRoutes,
	}
	for _, option := range options {
		option(&cfg)
	}
	var err error
	if w.server, err = server.New(cfg); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.addr, w.url = l.Addr().String(), "http://"+l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	go func() { w.served <- w.server.Serve(ctx, l) }()
	w.conn, err = grpc.NewClient(w.addr, grpc.WithTransportCredentials(plaintext()))
	if err != nil {
		t.Fatal(err)
	}
	w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		_ = w.conn.Close()
		cancel()
		if err := w.server.Close(); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return w
}

// plaintext are the credentials of a connection without TLS.
func plaintext() credentials.TransportCredentials { return insecure.NewCredentials() }

// restRoutes are the routes of the API that the tests serve.
var restRoutes = restgw.Register

// reply is one REST answer.
type reply struct {
	code   int
	header http.Header
	body   []byte
}

// request is one REST request.
type request struct {
	method, path, body string
	header             map[string]string
}

func (w *wire) send(t testing.TB, r request) reply {
	t.Helper()
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	req, err := http.NewRequest(r.method, w.url+r.path, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, text}
}

// decode reads the answer's JSON, which must have JSON's content type.
func (r reply) decode(t testing.TB) map[string]any {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/json; charset=UTF-8" {
		t.Errorf("Content-Type = %q, body %.100q", got, r.body)
	}
	if got := r.header.Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("X-Content-Type-Options = %q", got)
	}
	var v map[string]any
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("answer is not a JSON object: %v: %.200q", err, r.body)
	}
	return v
}

// failure is the error in the answer's envelope.
type failure struct {
	Code    int
	Message string
	Status  string
	Details []map[string]any
}

func (r reply) failure(t testing.TB) failure {
	t.Helper()
	r.decode(t)
	var e struct{ Error failure }
	if err := json.Unmarshal(r.body, &e); err != nil {
		t.Fatal(err)
	}
	if e.Error.Code != r.code {
		t.Errorf("envelope says code %d, the status line %d", e.Error.Code, r.code)
	}
	return e.Error
}

// detail is the error's detail of a type of google.rpc, nil without one.
func (f failure) detail(name string) map[string]any {
	for _, d := range f.Details {
		if d["@type"] == "type.googleapis.com/google.rpc."+name {
			return d
		}
	}
	return nil
}

// lockedBuffer is a log that a test may read while the server writes.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// lines are the log's records with the given message.
func (b *lockedBuffer) lines(t testing.TB, msg string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for line := range strings.Lines(b.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("log line %q: %v", line, err)
		}
		if record["msg"] == msg {
			found = append(found, record)
		}
	}
	return found
}

// within waits for a signal that must come.
func within[T any](t testing.TB, limit time.Duration, signal <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-signal:
		return v
	case <-time.After(limit):
		t.Fatalf("not within %v: %s", limit, what)
		panic("unreachable")
	}
}
