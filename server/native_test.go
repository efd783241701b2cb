package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server"
)

// startCounting runs a server that tells of each call whether it came over a
// connection of gRPC's own.
func startCounting(t *testing.T) (*wire, chan bool) {
	t.Helper()
	calls := make(chan bool, 200)
	w := start(t, func(cfg *server.Config) {
		cfg.Unary = append(cfg.Unary, func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			p, _ := peer.FromContext(ctx)
			native := false
			if p != nil {
				// Through net/http the address is only known as text.
				native = fmt.Sprintf("%T", p.Addr) != "transport.strAddr"
			}
			calls <- native
			return handler(ctx, req)
		})
	})
	return w, calls
}

func listVoices(ctx context.Context, conn grpc.ClientConnInterface) error {
	_, err := texttospeechpb.NewTextToSpeechClient(conn).ListVoices(ctx, &texttospeechpb.ListVoicesRequest{})
	return err
}

// overHTTP2 is a client of HTTP/2 by prior knowledge.
func overHTTP2(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestGRPCIsServedNatively(t *testing.T) {
	w, calls := startCounting(t)
	for range 2 {
		if err := listVoices(t.Context(), w.conn); err != nil {
			t.Fatal(err)
		}
		if !<-calls {
			t.Error("a gRPC call came through net/http")
		}
	}
}

// TestProxiedGRPCMayBeMixed: a proxy may send REST on the connection that it
// opened for a gRPC call, so net/http keeps such a connection.
func TestProxiedGRPCMayBeMixed(t *testing.T) {
	w, calls := startCounting(t)
	for _, header := range []string{"x-forwarded-for", "forwarded", "via"} {
		conn, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(plaintext()))
		if err != nil {
			t.Fatal(err)
		}
		if err := listVoices(metadata.AppendToOutgoingContext(t.Context(), header, "proxy"), conn); err != nil {
			t.Errorf("%s: %v", header, err)
		}
		if <-calls {
			t.Errorf("%s: the connection is gRPC's alone", header)
		}
		_ = conn.Close()
	}
}

// TestRESTAndGRPCOnOneConnection: by prior knowledge of HTTP/2, REST first.
func TestRESTAndGRPCOnOneConnection(t *testing.T) {
	w, calls := startCounting(t)
	client := overHTTP2(t)
	reused := false
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) { reused = got.Reused },
	})
	do := func(method, path, contentType string, body []byte) (*http.Response, []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, method, w.url+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("TE", "trailers")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, answer
	}
	// More than a window of body, in a text that comes back.
	text := bytes.Repeat([]byte("a"), 100_000)
	resp, answer := do("POST", "/v1/text:synthesize", "application/json", append(append([]byte(`{"input":{"text":"`), text...), `"}}`...))
	if resp.StatusCode != 200 || resp.ProtoMajor != 2 || len(answer) < 4*len(text)/3 {
		t.Errorf("REST: %s %d, %d bytes", resp.Proto, resp.StatusCode, len(answer))
	}
	if <-calls {
		t.Error("REST came over a connection of gRPC's own")
	}
	resp, _ = do("POST", "/google.cloud.texttospeech.v1.TextToSpeech/ListVoices", "application/grpc", make([]byte, 5))
	if resp.StatusCode != 200 || resp.Trailer.Get("Grpc-Status") != "0" {
		t.Errorf("gRPC: %d %v", resp.StatusCode, resp.Trailer)
	}
	if !reused || <-calls {
		t.Errorf("the second request was not served on the first one's connection")
	}
}

func TestManyConnectionsAtOnce(t *testing.T) {
	w, calls := startCounting(t)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if i%4 == 0 {
				resp, err := overHTTP2(t).Get(w.url + "/v1/voices")
				if err != nil || resp.StatusCode != 200 {
					t.Errorf("REST: %v, %v", resp, err)
					return
				}
				_ = resp.Body.Close()
				return
			}
			conn, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(plaintext()))
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			if err := listVoices(t.Context(), conn); err != nil {
				t.Errorf("gRPC: %v", err)
			}
		})
	}
	wg.Wait()
	natively := 0
	for range 100 {
		if within(t, 5*time.Second, calls, "a hundred calls") {
			natively++
		}
	}
	if natively != 75 {
		t.Errorf("%d native calls, want 75", natively)
	}
}

// TestAClosedGRPCConnectionEndsItsHandlers: not a cancelled call, but a client
// that is gone.
func TestAClosedGRPCConnectionEndsItsHandlers(t *testing.T) {
	w := start(t)
	began, _, ended := held(w)
	socket := make(chan net.Conn, 1)
	conn, err := grpc.NewClient("passthrough:///"+w.addr, grpc.WithTransportCredentials(plaintext()),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
			socket <- c
			return c, err
		}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, _ = texttospeechpb.NewTextToSpeechClient(conn).SynthesizeSpeech(context.Background(), &texttospeechpb.SynthesizeSpeechRequest{})
	}()
	within(t, 5*time.Second, began, "the handler begins")
	_ = (<-socket).Close()
	if err := within(t, time.Second, ended, "the handler ends"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// TestShutdownDrainsNativeConnections while a call through net/http is running
// too: both are answered, and the native client is told to call elsewhere.
func TestShutdownDrainsNativeConnections(t *testing.T) {
	w := start(t)
	began, release, _ := held(w)
	proxied, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(plaintext()))
	if err != nil {
		t.Fatal(err)
	}
	defer proxied.Close()
	answers := make(chan error, 2)
	say := func(ctx context.Context, conn *grpc.ClientConn) {
		_, err := texttospeechpb.NewTextToSpeechClient(conn).SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{})
		answers <- err
	}
	go say(t.Context(), w.conn)
	go say(metadata.AppendToOutgoingContext(t.Context(), "via", "proxy"), proxied)
	within(t, 5*time.Second, began, "the first call begins")
	within(t, 5*time.Second, began, "the second call begins")

	down := make(chan error, 1)
	go func() { down <- w.server.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if !w.conn.WaitForStateChange(ctx, connectivity.Ready) {
		t.Fatal("the native client is not told of the shutdown")
	}
	if err := listVoices(ctx, w.conn); status.Code(err) != codes.Unavailable {
		t.Errorf("a call after the shutdown began: %v", err)
	}
	close(release)
	for range 2 {
		if err := within(t, 5*time.Second, answers, "the running calls' answers"); err != nil {
			t.Errorf("a running call: %v", err)
		}
	}
	if err := within(t, 5*time.Second, down, "the shutdown"); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// TestShutdownDoesNotAwaitSilentConnections: neither those that said nothing
// nor those that have no call yet.
func TestShutdownDoesNotAwaitSilentConnections(t *testing.T) {
	w := start(t)
	for _, begin := range []string{"", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"} {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, begin); err != nil {
			t.Fatal(err)
		}
	}
	// Connections are accepted in order, so all of them are there by now.
	if err := listVoices(t.Context(), w.conn); err != nil {
		t.Fatal(err)
	}
	down := make(chan error, 1)
	go func() { down <- w.server.Close() }()
	if err := within(t, 4*time.Second, down, "the shutdown"); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := within(t, time.Second, w.served, "the end of Serve"); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestAListenersErrorEndsServe: net/http sees it as it would without a split.
func TestAListenersErrorEndsServe(t *testing.T) {
	w := start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := w.server.Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve of a closed listener: %v", err)
	}
	if err := listVoices(t.Context(), w.conn); err != nil {
		t.Errorf("on the other listener: %v", err)
	}
}
