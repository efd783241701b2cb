package authority

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func made(t *testing.T, limits Limits) *Authority {
	t.Helper()
	a, err := New("a test's authority", limits, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// taken is what a client says that trusts a and calls name.
func taken(t *testing.T, a *Authority, certificate *tls.Certificate, name string) error {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.Certificate()) {
		t.Fatal("the authority's certificate is not PEM")
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{*certificate}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if server, err := l.Accept(); err == nil {
			server.(*tls.Conn).Handshake()
			server.Close()
		}
	}()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	return tls.Client(client, &tls.Config{RootCAs: roots, ServerName: name}).Handshake()
}

func TestClientsTakeWhatIsIssued(t *testing.T) {
	a := made(t, Own("tts.example.com"))
	names := []string{"localhost", "127.0.0.1", "::1", "box.lan", "tts.example.com", "203.0.113.7", "192.168.3.4"}
	certificate, err := a.Issue(names...)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := taken(t, a, certificate, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := taken(t, a, certificate, "other.lan"); err == nil {
		t.Error("a certificate passes for a name that it does not have")
	}
	if life := certificate.Leaf.NotAfter.Sub(certificate.Leaf.NotBefore); life > 398*24*time.Hour {
		t.Errorf("a certificate lasts %v, which some clients refuse", life)
	}
}

// Whoever steals the key can pass for no other name: clients see to it, whatever
// this package would sign.
func TestLimitsHoldWhereTheKeyIsStolen(t *testing.T) {
	for name, limits := range map[string]Limits{
		"www.example.com": Own(),
		"localhost.evil":  Own(),
		"127.0.0.1":       {Domains: []string{"googleapis.com"}},
		"::1":             {Domains: []string{"googleapis.com"}},
		"example.org":     {Domains: []string{"googleapis.com"}},
	} {
		a := made(t, limits)
		if _, err := a.Issue(name); !errors.As(err, new(*LimitError)) {
			t.Errorf("%s: %v", name, err)
		}
		forged, err := a.issue([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		err = taken(t, a, forged, name)
		var invalid x509.CertificateInvalidError
		if !errors.As(err, &invalid) || invalid.Reason != x509.CANotAuthorizedForThisName {
			t.Errorf("a client says of %s: %v", name, err)
		}
	}
	if _, err := New("no limits", Limits{}, time.Now); err == nil {
		t.Error("there is an authority without limits")
	}
}

func TestOneAuthorityForAllWhoOpenIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "below", "authority.pem")
	var all sync.WaitGroup
	opened := make([]*Authority, 8)
	for i := range opened {
		all.Go(func() {
			a, err := Open(file, nil, time.Now)
			if err != nil {
				t.Error(err)
				return
			}
			opened[i] = a
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	for _, a := range opened {
		if !a.cert.Equal(opened[0].cert) || !a.key.Equal(opened[0].key) {
			t.Error("two authorities came of one file")
		}
	}
	st, err := os.Stat(file)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	certificate, err := opened[1].Issue("localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := taken(t, opened[2], certificate, "localhost"); err != nil {
		t.Error(err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "authority.pem")
	fails := func(now time.Time, want string) {
		t.Helper()
		if _, err := Open(file, nil, func() time.Time { return now }); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := Open(file, nil, time.Now); err != nil {
		t.Fatal(err)
	}
	fails(time.Now().Add(authorityLife+time.Hour), "ended on")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	fails(time.Now(), "chmod 600")
	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(time.Now(), "holds no authority")
}

func TestLeavesAreRenewed(t *testing.T) {
	now := time.Now()
	a, err := New("a test's authority", Own(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	leaves := a.Leaves()
	get := func() *tls.Certificate {
		leaf, err := leaves.For("localhost")
		if err != nil {
			t.Fatal(err)
		}
		return leaf
	}
	first := get()
	now = now.Add(leafLife/3*2 - time.Hour)
	if get() != first {
		t.Error("it is renewed too early")
	}
	now = now.Add(2 * time.Hour)
	second := get()
	if second == first || second.Leaf.NotAfter.Sub(now) < leafLife-time.Hour {
		t.Errorf("it is not renewed: %v is left", second.Leaf.NotAfter.Sub(now))
	}
	// Nothing outlives the authority, and at its end nothing is made in vain.
	now = a.cert.NotAfter.Add(-time.Hour)
	last := get()
	if last.Leaf.NotAfter.After(a.cert.NotAfter) || get() != last {
		t.Errorf("%v, the authority until %v", last.Leaf.NotAfter, a.cert.NotAfter)
	}
}
