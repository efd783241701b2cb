package proxy_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/proxy"
)

// answered is the only host that the proxy of these tests answers for.
const answered = "speech.googleapis.test"

// start runs a proxy that has handler answer, in HTTP/1.1 or HTTP/2 without TLS,
// and returns a client that goes through it and trusts the authority, and also
// what elsewhere has.
func start(t *testing.T, handler http.Handler, dial func(context.Context, string) (net.Conn, error), elsewhere *x509.Certificate) (*http.Client, *url.URL) {
	t.Helper()
	backend := httptest.NewUnstartedServer(handler)
	backend.Config.Protocols = new(http.Protocols)
	backend.Config.Protocols.SetHTTP1(true)
	backend.Config.Protocols.SetUnencryptedHTTP2(true)
	backend.Start()
	t.Cleanup(backend.Close)
	own, err := authority.New("a test's authority", authority.Limits{Domains: []string{"googleapis.test"}}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if dial == nil {
		dial = proxy.Upstream(func(string) string { return "" })
	}
	p := proxy.New(proxy.Config{
		Answer: func(host string) (proxy.Connect, bool) {
			return func(context.Context, string) (net.Conn, error) {
				return net.Dial("tcp", backend.Listener.Addr().String())
			}, host == answered
		},
		Certificate: func(host string) (*tls.Certificate, error) { return own.Issue(host) },
		Dial:        dial,
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- p.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(own.Certificate())
	if elsewhere != nil {
		roots.AddCert(elsewhere)
	}
	at := &url.URL{Scheme: "http", Host: l.Addr().String()}
	transport := &http.Transport{Proxy: http.ProxyURL(at), TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}, at
}

func read(t *testing.T, client *http.Client, address string) (string, *http.Response) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), answer
}

func TestAnswersInEachProtocol(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto+" for "+r.Host) })
	client, _ := start(t, handler, nil, nil)
	if got, _ := read(t, client, "https://"+answered+"/v1/voices"); got != "HTTP/2.0 for "+answered {
		t.Errorf("%q", got)
	}
	older := client.Transport.(*http.Transport).Clone()
	older.ForceAttemptHTTP2, older.TLSNextProto = false, map[string]func(string, *tls.Conn) http.RoundTripper{}
	defer older.CloseIdleConnections()
	if got, _ := read(t, &http.Client{Transport: older}, "https://"+answered+"/v1/voices"); got != "HTTP/1.1 for "+answered {
		t.Errorf("%q", got)
	}
}

// What is not answered for keeps the certificate of the host that the program
// means: the proxy sees nothing of it.
func TestPassesTheRestUntouched(t *testing.T) {
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "itself") }))
	defer site.Close()
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was answered") })
	client, _ := start(t, handler, nil, site.Certificate())
	got, answer := read(t, client, site.URL)
	if got != "itself" || !answer.TLS.PeerCertificates[0].Equal(site.Certificate()) {
		t.Errorf("%q by %v", got, answer.TLS.PeerCertificates[0].Subject)
	}
}

// Who has a proxy to the world keeps it.
func TestPassesThroughAnotherProxy(t *testing.T) {
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "itself") }))
	defer site.Close()
	// Another proxy of the same kind, which only passes, behind one that wants a
	// password.
	asked := make(chan string, 1)
	gate, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Close()
	go http.Serve(gate, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		asked <- r.Host + " " + user + " " + password
		world, err := net.Dial("tcp", site.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		defer world.Close()
		w.WriteHeader(http.StatusOK)
		conn, in, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		go io.Copy(world, in)
		io.Copy(conn, world)
	}))
	env := map[string]string{"HTTPS_PROXY": "http://ann:secret@" + gate.Addr().String(), "NO_PROXY": "internal.example"}
	client, _ := start(t, http.NotFoundHandler(), proxy.Upstream(func(name string) string { return env[name] }), site.Certificate())
	client.Transport.(*http.Transport).TLSClientConfig.ServerName = "example.com" // the site's
	if got, _ := read(t, client, "https://books.example/"); got != "itself" {
		t.Errorf("%q", got)
	}
	if got := <-asked; got != "books.example:443 ann secret" {
		t.Errorf("the other proxy was asked for %q", got)
	}
}

func TestSaysWhyNot(t *testing.T) {
	refusing := func(context.Context, string) (net.Conn, error) { return nil, errors.New("no way there") }
	client, at := start(t, http.NotFoundHandler(), refusing, nil)
	if _, err := client.Get("https://elsewhere.example/"); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("%v", err)
	}
	if text, answer := read(t, client, "http://elsewhere.example/"); answer.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(text, "CONNECT") {
		t.Errorf("%v %q", answer.Status, text)
	}
	// Only the port of https:// is answered for.
	if _, err := client.Get("https://" + answered + ":8443/"); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("%v", err)
	}
	// A program that leaves in the middle of its question harms nobody.
	conn, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "CONNECT ")
	conn.Close()
}
