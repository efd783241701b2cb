package server_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	private "github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// startTLS is start with TLS; the wire's clients trust it. The client of REST
// speaks HTTP/1.1 until it is told otherwise.
func startTLS(t testing.TB, options ...func(*server.Config)) (*wire, *tls.Config) {
	t.Helper()
	own, err := private.New("a test's authority", private.Own(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := own.Issue("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, append([]func(*server.Config){func(cfg *server.Config) {
		cfg.TLS = &tls.Config{Certificates: []tls.Certificate{*certificate}}
	}}, options...)...)
	trust := &tls.Config{RootCAs: x509.NewCertPool()}
	trust.RootCAs.AppendCertsFromPEM(own.Certificate())
	w.url = "https://" + w.addr
	w.client.Transport.(*http.Transport).TLSClientConfig = trust
	conn, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(credentials.NewTLS(trust.Clone())))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	w.conn = conn
	return w, trust
}

// TestTLS: gRPC by its own transport and REST by both versions of HTTP, on one port.
func TestTLS(t *testing.T) {
	native := make(chan bool, 1)
	w, trust := startTLS(t, func(cfg *server.Config) {
		cfg.Unary = append(cfg.Unary, func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			p, ok := peer.FromContext(ctx)
			native <- ok && fmt.Sprintf("%T", p.Addr) != "transport.strAddr"
			return handler(ctx, req)
		})
	})
	for range 2 {
		if err := listVoices(t.Context(), w.conn); err != nil {
			t.Fatal(err)
		}
		if !<-native {
			t.Error("a gRPC call came through net/http")
		}
	}
	for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
		transport := &http.Transport{TLSClientConfig: trust.Clone(), ForceAttemptHTTP2: version == "HTTP/2.0"}
		w.client = &http.Client{Transport: transport}
		resp, err := w.client.Get(w.url + "/v1/voices")
		if err != nil {
			t.Fatal(err)
		}
		<-native
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 || resp.Proto != version {
			t.Errorf("%s: %s %s, %v", version, resp.Proto, resp.Status, err)
		}
		resp.Body.Close()
		transport.CloseIdleConnections()
	}
}

func TestTLSRefusesWhatIsOldOrPlain(t *testing.T) {
	w, trust := startTLS(t)
	old := trust.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS11, tls.VersionTLS11
	if conn, err := tls.Dial("tcp", w.addr, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 was taken")
	}
	resp, err := http.Get("http://" + w.addr + "/v1/voices")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != 400 || !strings.Contains(string(text), "https://") {
		t.Errorf("%s %s", resp.Status, text)
	}
	// A connection that says nothing holds up neither the others nor the end.
	silent, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if err := listVoices(t.Context(), w.conn); err != nil {
		t.Error(err)
	}
}

// TestClientsCertificateIsTold: what was verified reaches handlers of calls and of
// pages, and without a certificate nothing is served.
func TestClientsCertificateIsTold(t *testing.T) {
	vouching := newAuthority(t)
	calls, pages := make(chan string, 1), make(chan string, 1)
	name := func(state *tls.ConnectionState) string {
		if state == nil || len(state.VerifiedChains) == 0 {
			return ""
		}
		return state.VerifiedChains[0][0].Subject.CommonName
	}
	w, trust := startTLS(t, func(cfg *server.Config) {
		cfg.TLS.ClientAuth, cfg.TLS.ClientCAs = tls.RequireAndVerifyClientCert, vouching.pool()
		cfg.Unary = append(cfg.Unary, func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			p, _ := peer.FromContext(ctx)
			info, _ := p.AuthInfo.(credentials.TLSInfo)
			calls <- name(&info.State)
			return handler(ctx, req)
		})
		cfg.Pages = map[string]http.Handler{"GET /who": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { pages <- name(r.TLS) })}
	})
	if err := listVoices(t.Context(), w.conn); err == nil {
		t.Error("a client without a certificate was served")
	}
	trust.Certificates = []tls.Certificate{vouching.client("ann", "speaker")}
	conn, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(credentials.NewTLS(trust.Clone())))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := listVoices(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	if got := <-calls; got != "ann" {
		t.Errorf("a gRPC call came from %q", got)
	}
	for _, second := range []bool{false, true} {
		transport := &http.Transport{TLSClientConfig: trust.Clone(), ForceAttemptHTTP2: second}
		resp, err := (&http.Client{Transport: transport}).Get(w.url + "/who")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := <-pages; got != "ann" {
			t.Errorf("a request of %s came from %q", resp.Proto, got)
		}
		transport.CloseIdleConnections()
	}
}

func BenchmarkGetOperationGRPCWithTLS(b *testing.B) {
	w, _ := startTLS(b, quiet)
	name := w.operations.start(parent, &v1beta1pb.SynthesizeLongAudioMetadata{}).Name
	client := longrunningpb.NewOperationsClient(w.conn)
	callers(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: name}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	perSecond(b)
}
