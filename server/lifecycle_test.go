package server_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server"
)

// held makes SynthesizeSpeech wait for release or its context; began and ended
// tell of it.
func held(w *wire) (began chan struct{}, release chan struct{}, ended chan error) {
	began, release, ended = make(chan struct{}, 8), make(chan struct{}), make(chan error, 8)
	w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
		began <- struct{}{}
		select {
		case <-release:
			ended <- nil
			return nil
		case <-ctx.Done():
			ended <- context.Cause(ctx)
			return ctx.Err()
		}
	}
	return began, release, ended
}

// TestACancelledRESTRequestEndsItsHandler: by the client's context, and by the
// connection just closing, with and without a body, in HTTP/1 and HTTP/2.
func TestACancelledRESTRequestEndsItsHandler(t *testing.T) {
	w := start(t)
	began, _, ended := held(w)
	h2 := &http.Transport{Protocols: new(http.Protocols)}
	h2.Protocols.SetUnencryptedHTTP2(true)
	defer h2.CloseIdleConnections()
	for name, client := range map[string]*http.Client{"HTTP/1": w.client, "HTTP/2": {Transport: h2}} {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "POST", w.url+"/v1/text:synthesize", strings.NewReader(`{"input":{"text":"a"}}`))
		if err != nil {
			t.Fatal(err)
		}
		answered := make(chan error, 1)
		go func() {
			resp, err := client.Do(req)
			if err == nil {
				_ = resp.Body.Close()
			}
			answered <- err
		}()
		within(t, 5*time.Second, began, name+": the handler begins")
		cancel()
		if err := within(t, time.Second, ended, name+": the handler ends"); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: ended with %v", name, err)
		}
		if err := <-answered; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: answered with %v", name, err)
		}
	}
	for _, body := range []string{"", `{"input":{"text":"a"}}`} {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		length := map[bool]string{true: "0", false: "22"}[body == ""]
		if _, err := io.WriteString(conn, "POST /v1/text:synthesize HTTP/1.1\r\nHost: h\r\nContent-Length: "+length+"\r\n\r\n"+body); err != nil {
			t.Fatal(err)
		}
		within(t, 5*time.Second, began, "the handler begins")
		_ = conn.Close()
		if err := within(t, time.Second, ended, "the handler ends"); !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	}
}

func TestACancelledGRPCCallEndsItsHandler(t *testing.T) {
	w := start(t)
	began, _, ended := held(w)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{})
	}()
	within(t, 5*time.Second, began, "the handler begins")
	cancel()
	if err := within(t, time.Second, ended, "the handler ends"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// TestShutdownLetsCallsEnd: running calls on both transports are answered, new
// ones find no listener, and Serve returns nil.
func TestShutdownLetsCallsEnd(t *testing.T) {
	w := start(t)
	began, release, _ := held(w)
	overREST, overGRPC, down := make(chan int, 1), make(chan error, 1), make(chan error, 1)
	go func() {
		resp, err := w.client.Post(w.url+"/v1/text:synthesize", "application/json", strings.NewReader("{}"))
		if err != nil {
			overREST <- 0
			return
		}
		_ = resp.Body.Close()
		overREST <- resp.StatusCode
	}()
	go func() {
		_, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{})
		overGRPC <- err
	}()
	within(t, 5*time.Second, began, "the first call begins")
	within(t, 5*time.Second, began, "the second call begins")
	go func() { down <- w.server.Close() }()
	for {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			break // nobody listens any more
		}
		_ = conn.Close()
	}
	close(release)
	if code := within(t, 5*time.Second, overREST, "the REST call"); code != 200 {
		t.Errorf("REST: %d", code)
	}
	if err := within(t, 5*time.Second, overGRPC, "the gRPC call"); err != nil {
		t.Errorf("gRPC: %v", err)
	}
	if err := within(t, 5*time.Second, down, "the shutdown"); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := within(t, 5*time.Second, w.served, "the end of Serve"); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := w.server.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// TestShutdownCutsOffWhatDoesNotEnd: a gRPC call and a page that would go on for
// ever are ended, and Serve says that it was not an orderly end.
func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	services := newTestServices()
	w := &wire{testServices: services}
	began, _, ended := held(w)
	page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-r.Context().Done()
		ended <- r.Context().Err()
	})
	srv, err := server.New(server.Config{Register: services.register, ShutdownTimeout: 50 * time.Millisecond,
		Pages: map[string]http.Handler{"GET /page": page}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(plaintext()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, _ = texttospeechpb.NewTextToSpeechClient(conn).SynthesizeSpeech(context.Background(), &texttospeechpb.SynthesizeSpeechRequest{})
	}()
	go func() {
		if resp, err := http.Get("http://" + l.Addr().String() + "/page"); err == nil {
			_ = resp.Body.Close()
		}
	}()
	within(t, 5*time.Second, began, "the first handler begins")
	within(t, 5*time.Second, began, "the second handler begins")
	cancel() // ends Serve's context, and so shuts down
	for range 2 {
		if err := within(t, 5*time.Second, ended, "both handlers are cut off"); !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	}
	if err := within(t, 5*time.Second, served, "the end of Serve"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Serve: %v", err)
	}
}

func TestHealth(t *testing.T) {
	broken := errors.New("store at /secret is down")
	var state error
	w := start(t, func(cfg *server.Config) { cfg.Ready = func(context.Context) error { return state } })
	health := grpc_health_v1.NewHealthClient(w.conn)
	for _, tt := range []struct {
		state error
		ready int
		grpc  grpc_health_v1.HealthCheckResponse_ServingStatus
	}{{nil, 200, grpc_health_v1.HealthCheckResponse_SERVING}, {broken, 503, grpc_health_v1.HealthCheckResponse_NOT_SERVING}} {
		state = tt.state
		if got := w.send(t, request{method: "GET", path: "/healthz"}); got.code != 200 || got.decode(t)["status"] != "ok" {
			t.Errorf("healthz: %d %s", got.code, got.body)
		}
		if got := w.send(t, request{method: "GET", path: "/readyz"}); got.code != tt.ready || strings.Contains(string(got.body), "secret") {
			t.Errorf("readyz: %d %s", got.code, got.body)
		}
		for _, service := range []string{"", "google.longrunning.Operations"} {
			if got, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service}); err != nil || got.Status != tt.grpc {
				t.Errorf("health of %q: %v, %v", service, got, err)
			}
		}
	}
	if _, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "none"}); status.Code(err) != codes.NotFound {
		t.Errorf("health of an unknown service: %v", err)
	}
}

func TestReflection(t *testing.T) {
	w := start(t)
	stream, err := grpc_reflection_v1.NewServerReflectionClient(w.conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&grpc_reflection_v1.ServerReflectionRequest{MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	got, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range got.GetListServicesResponse().GetService() {
		names[s.Name] = true
	}
	for _, want := range []string{"google.cloud.texttospeech.v1.TextToSpeech", "google.cloud.texttospeech.v1beta1.TextToSpeech", "google.longrunning.Operations"} {
		if !names[want] {
			t.Errorf("%s is not listed", want)
		}
	}
}

func TestPages(t *testing.T) {
	w := start(t, func(cfg *server.Config) {
		cfg.Pages = map[string]http.Handler{"GET /metrics": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "metrics") })}
	})
	if got := w.send(t, request{method: "GET", path: "/metrics"}); string(got.body) != "metrics" {
		t.Errorf("got %s", got.body)
	}
	if got := w.send(t, request{method: "POST", path: "/metrics"}); got.code != 404 || got.failure(t).Status != "NOT_FOUND" {
		t.Errorf("got %d %s", got.code, got.body)
	}
}

// TestMalformedHTTPIsNotHTML: what net/http itself refuses is plain text at
// least, and the connection ends.
func TestMalformedHTTPIsNotHTML(t *testing.T) {
	w := start(t)
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != 400 || strings.Contains(resp.Header.Get("Content-Type"), "html") {
		t.Errorf("got %v, %v", resp, err)
	}
}
