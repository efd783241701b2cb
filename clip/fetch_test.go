package clip_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

// site is a real HTTPS server on loopback, whose certificate is for
// example.com and 127.0.0.1.
type site struct {
	*httptest.Server
	hits atomic.Int64
}

func newSite(t testing.TB, handle http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hits.Add(1)
		handle(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that leave
	t.Cleanup(s.Close)
	return s
}

func (s *site) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

func (s *site) port() string {
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return port
}

func (s *site) library(t testing.TB, hosts ...string) *clip.Library {
	return newLibrary(t, clip.Config{Hosts: hosts, RootCAs: s.roots()})
}

// answers is a DNS server that answers the next address at each lookup, and
// the last one ever after.
func answers(t testing.TB, addresses ...string) *net.Resolver {
	t.Helper()
	var asked atomic.Int64
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { conn.Close(); <-done })
	go func() {
		defer close(done)
		query := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(query[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				to := netip.MustParseAddr(addresses[min(int(asked.Add(1)), len(addresses))-1])
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
					Body:   &dnsmessage.AResource{A: to.As4()},
				}}
			}
			if answer, err := m.Pack(); err == nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func refusal(t testing.TB, l *clip.Library, src string, code fault.Code, says string) {
	t.Helper()
	s, err := l.Open(t.Context(), src)
	if err == nil {
		t.Errorf("%s plays: %v", src, s)
	} else if f := fault.From(err); f.Code != code || !strings.Contains(f.Public(), says) {
		t.Errorf("%s: %v, want %v %q", src, err, code, says)
	}
}

func TestFetchesOverHTTPS(t *testing.T) {
	var request *http.Request
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		request = r
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		switch r.URL.Path {
		case "/start":
			http.Redirect(w, r, "/tone?secret=1", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/plain") // nobody asks
			w.Write(toneMP3)
		}
	})
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	l := s.library(t, "127.0.0.0/8")
	sound, err := l.Open(t.Context(), s.URL+"/start")
	if err != nil {
		t.Fatal(err)
	}
	if b := play(t, sound); len(b.Samples) != 12000 {
		t.Errorf("%d frames", len(b.Samples))
	}
	h := request.Header
	if !strings.HasPrefix(h.Get("User-Agent"), "Google-Speech-Actions") {
		t.Errorf("User-Agent %q", h.Get("User-Agent"))
	}
	for _, name := range []string{"Cookie", "Referer", "Accept-Encoding", "Authorization"} {
		if h.Get(name) != "" {
			t.Errorf("%s: %s", name, h.Get(name))
		}
	}
}

func TestWhatServersDo(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		switch fmt.Sscanf(r.URL.Path, "/hop/%d", &n); {
		case n > 0:
			http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusMovedPermanently)
		case r.URL.Path == "/exact":
			w.Write(wavFile(1, 48000, 1, 16, make([]byte, 5<<20-44)))
		case r.URL.Path == "/announced":
			w.Header().Set("Content-Length", fmt.Sprint(5<<20+1))
			w.Write(toneWAV)
		case r.URL.Path == "/chunked":
			for range 6 << 10 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		case r.URL.Path == "/short":
			w.Header().Set("Content-Length", fmt.Sprint(len(toneWAV)+1))
			w.Write(toneWAV)
		case r.URL.Path == "/headers":
			for i := range 100 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 1<<10))
			}
		case r.URL.Path == "/gone":
			http.NotFound(w, r)
		case r.URL.Path == "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case r.URL.Path == "/partial":
			w.WriteHeader(http.StatusPartialContent)
		case r.URL.Path == "/plain":
			http.Redirect(w, r, "http://"+r.Host+"/", http.StatusFound)
		case r.URL.Path == "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case r.URL.Path == "/user":
			http.Redirect(w, r, "https://user:word@"+r.Host+"/", http.StatusFound)
		case r.URL.Path == "/page":
			io.WriteString(w, "<!doctype html><title>Sign in</title>")
		default:
			w.Write(toneWAV)
		}
	})
	l := s.library(t, "127.0.0.1")
	for _, path := range []string{"/", "/hop/5", "/exact"} {
		if _, err := l.Open(t.Context(), s.URL+path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, c := range []struct {
		path string
		code fault.Code
		says string
	}{
		{"/hop/6", fault.Unavailable, "more than 5"},
		{"/announced", fault.InvalidArgument, "larger"},
		{"/chunked", fault.InvalidArgument, "larger"},
		{"/short", fault.Unavailable, "could not be fetched"},
		{"/headers", fault.Unavailable, "could not be fetched"},
		{"/gone", fault.NotFound, "404"},
		{"/broken", fault.Unavailable, "500"},
		{"/partial", fault.Unavailable, "206"},
		{"/plain", fault.PermissionDenied, "https: only"},
		{"/file", fault.PermissionDenied, "https: only"},
		{"/user", fault.PermissionDenied, "password"},
		{"/page", fault.InvalidArgument, "format"},
	} {
		refusal(t, l, s.URL+c.path, c.code, c.says)
	}
	refusal(t, l, "https://user@"+s.Listener.Addr().String(), fault.PermissionDenied, "password")
	refusal(t, l, "https:///x", fault.InvalidArgument, "no host")
	refusal(t, l, "https:x", fault.InvalidArgument, "no host")
	refusal(t, l, "https://[::1", fault.InvalidArgument, "malformed")
	refusal(t, newLibrary(t, clip.Config{Hosts: []string{"127.0.0.1"}}), s.URL, fault.Unavailable, "not trusted")
}

func TestPrivateAddressesAreNotDialed(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) { w.Write(toneWAV) })
	l := s.library(t, clip.Public)
	const says = "address that clips are not fetched from"
	port := s.port()
	for _, host := range []string{
		"127.0.0.1", "127.8.9.10", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]",
		"10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"224.0.0.1", "255.255.255.255", "[fe80::1]", "[fd00:ec2::254]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
		"[2002:7f00:1::]", "[2001:0:1::1]", "[::127.0.0.1]", "[2001:db8::1]",
	} {
		refusal(t, l, "https://"+host+":"+port+"/", fault.PermissionDenied, says)
	}
	named := newLibrary(t, clip.Config{Hosts: []string{clip.Public}, RootCAs: s.roots(), Resolver: answers(t, "127.0.0.1")})
	refusal(t, named, "https://example.com:"+port+"/", fault.PermissionDenied, says)
	if n := s.hits.Load(); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// A redirect to an address that is not allowed is refused when it is followed,
// and the one the configuration names stays allowed.
func TestRedirectToAPrivateAddress(t *testing.T) {
	inner := newSite(t, func(w http.ResponseWriter, r *http.Request) { w.Write(toneWAV) })
	var to string
	outer := newSite(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
	l := newLibrary(t, clip.Config{Hosts: []string{"example.com", clip.Public}, RootCAs: outer.roots(), Resolver: answers(t, "127.0.0.1")})
	for i, target := range []string{inner.URL, "https://[::ffff:127.0.0.1]:" + inner.port(), "https://elsewhere.test:" + inner.port()} {
		to = target
		refusal(t, l, fmt.Sprintf("https://example.com:%s/%d", outer.port(), i), fault.PermissionDenied, "address that clips are not fetched from")
	}
	if inner.hits.Load() != 0 || outer.hits.Load() != 3 {
		t.Errorf("%d requests reached the inner server, %d the outer", inner.hits.Load(), outer.hits.Load())
	}
}

// The first answer of the DNS is an allowed address, every other is not.
func TestRebindingIsRefused(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // so that the next request dials
		if r.URL.Path == "/again" {
			http.Redirect(w, r, "/tone", http.StatusFound)
			return
		}
		w.Write(toneWAV)
	})
	for _, second := range []string{"127.0.0.2", "10.0.0.1"} {
		for _, paths := range [][]string{{"/a", "/b"}, {"/again"}} {
			l := newLibrary(t, clip.Config{Hosts: []string{"127.0.0.1/32"}, RootCAs: s.roots(), Resolver: answers(t, "127.0.0.1", second)})
			base := "https://example.com:" + s.port()
			for _, path := range paths[:len(paths)-1] {
				if _, err := l.Open(t.Context(), base+path); err != nil {
					t.Errorf("before the rebinding: %v", err)
				}
			}
			refusal(t, l, base+paths[len(paths)-1], fault.PermissionDenied, "address")
		}
	}
}

func TestOnlyNamedHosts(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) { w.Write(toneWAV) })
	l := newLibrary(t, clip.Config{Hosts: []string{"Example.COM."}, RootCAs: s.roots(), Resolver: answers(t, "127.0.0.1")})
	for _, host := range []string{"example.com", "EXAMPLE.com"} {
		if _, err := l.Open(t.Context(), "https://"+host+":"+s.port()+"/"+host); err != nil {
			t.Error(err)
		}
	}
	for _, host := range []string{"127.0.0.1", "www.example.com", "example.com.evil.test", "8.8.8.8"} {
		refusal(t, l, "https://"+host+":"+s.port(), fault.PermissionDenied, "not fetched from "+host)
	}
	refusal(t, newLibrary(t, clip.Config{Hosts: []string{hosts.None}}), "https://example.com/", fault.PermissionDenied, "fetches no clips")
}

// stuck is a site whose answer never ends; asked tells of each request, and
// left of each client that went away.
func stuck(t *testing.T, begin func(http.ResponseWriter)) (s *site, asked, left chan struct{}) {
	asked, left = make(chan struct{}, 8), make(chan struct{}, 8)
	s = newSite(t, func(w http.ResponseWriter, r *http.Request) {
		begin(w)
		asked <- struct{}{}
		<-r.Context().Done()
		left <- struct{}{}
	})
	return s, asked, left
}

func beforeHeaders(http.ResponseWriter) {}

func inTheBody(w http.ResponseWriter) {
	w.Write(toneWAV[:100])
	w.(http.Flusher).Flush()
}

func TestTheContextEndsAFetch(t *testing.T) {
	for name, begin := range map[string]func(http.ResponseWriter){"headers": beforeHeaders, "body": inTheBody} {
		t.Run(name, func(t *testing.T) {
			s, asked, left := stuck(t, begin)
			l := s.library(t, "127.0.0.1")
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			go func() { _, err := l.Open(ctx, s.URL); failed <- err }()
			<-asked
			cancel()
			if err := <-failed; !fault.Is(err, fault.Canceled) {
				t.Errorf("%v", err)
			}
			<-left // nobody else waits, so the fetch has ended too
		})
	}
}

func TestASlowServerIsGivenUp(t *testing.T) {
	for name, begin := range map[string]func(http.ResponseWriter){"headers": beforeHeaders, "body": inTheBody} {
		t.Run(name, func(t *testing.T) {
			s, _, left := stuck(t, begin)
			l := newLibrary(t, clip.Config{Hosts: []string{"127.0.0.1"}, RootCAs: s.roots(), Timeout: 200 * time.Millisecond})
			refusal(t, l, s.URL, fault.Unavailable, "too long")
			<-left
		})
	}
}

func TestCloseEndsFetches(t *testing.T) {
	s, asked, _ := stuck(t, inTheBody)
	l, err := clip.New(clip.Config{Hosts: []string{"127.0.0.1"}, RootCAs: s.roots()})
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	go func() { _, err := l.Open(t.Context(), s.URL); failed <- err }()
	<-asked
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	refusal(t, l, s.URL, fault.Unavailable, "stopping")
}

func TestOneFetchServesAll(t *testing.T) {
	const callers = 8
	release := make(chan struct{})
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Write(toneWAV)
	})
	l := s.library(t, "127.0.0.1")
	sounds := make(chan audio.Stream, callers)
	for range callers {
		go func() {
			sound, err := l.Open(t.Context(), s.URL)
			if err != nil {
				t.Error(err)
			}
			sounds <- sound
		}()
	}
	close(release)
	for range callers {
		if sound := <-sounds; sound != nil {
			play(t, sound)
		}
	}
	if n := s.hits.Load(); n != 1 {
		t.Errorf("%d requests for one clip", n)
	}
	for range 2 { // a failure is remembered for some seconds
		refusal(t, l, s.URL+"/broken", fault.Unavailable, "500")
	}
	if n := s.hits.Load(); n != 2 {
		t.Errorf("%d requests, want one more for both failures", n)
	}
}

// A caller that leaves does not take the others' clip away.
func TestLeavingAFetchToOthers(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		close(asked) // twice would panic: there is one request
		<-release
		w.Write(toneWAV)
	})
	l := s.library(t, "127.0.0.1")
	ctx, leave := context.WithCancel(t.Context())
	gone, stays := make(chan error), make(chan error)
	go func() { _, err := l.Open(ctx, s.URL); gone <- err }()
	<-asked
	go func() { _, err := l.Open(t.Context(), s.URL); stays <- err }()
	for l.Waiting(s.URL) < 2 {
		runtime.Gosched()
	}
	leave()
	if err := <-gone; !fault.Is(err, fault.Canceled) {
		t.Error(err)
	}
	close(release)
	if err := <-stays; err != nil {
		t.Error(err)
	}
}
