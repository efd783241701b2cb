package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/mtls"
	"github.com/lectern/lectern/server"
)

// issuing signs certificates.
type issuing struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) issuing {
	t.Helper()
	a := issuing{t: t}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	made := a.sign(template)
	a.cert, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// sign makes a certificate; the authority's own if it has none yet.
func (a issuing) sign(template *x509.Certificate) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (a issuing) client(name, role string) tls.Certificate {
	return a.sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name, Organization: []string{"books"}, OrganizationalUnit: []string{role}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

func (a issuing) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// A certificate says who calls, if the authority that the server trusts has signed
// it: over REST and gRPC. One of another authority is no certificate.
func TestCertificates(t *testing.T) {
	trusted, stranger := newAuthority(t), newAuthority(t)
	own := trusted.sign(&x509.Certificate{DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	cfg := server.Config{Register: newTestServices().register, Gateway: restRoutes, TLS: &tls.Config{
		Certificates: []tls.Certificate{own}, ClientCAs: trusted.pool(), ClientAuth: tls.VerifyClientCertIfGiven,
	}}
	guarded(&records{})(&cfg)
	cfg.Authenticate = auth.Chain{mtls.Authenticator{}}.Authenticate
	srv, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(context.Background(), l) }()
	defer func() { _ = srv.Close() }()
	for _, c := range []struct {
		name         string
		certificates []tls.Certificate
		code         int // of REST; 0 where there is no connection
		status       codes.Code
	}{
		{"none", nil, 401, codes.Unauthenticated},
		{"a viewer", []tls.Certificate{trusted.client("eve", "viewer")}, 200, codes.OK},
		{"no role", []tls.Certificate{trusted.client("eve", "friend")}, 403, codes.PermissionDenied},
		{"another authority's", []tls.Certificate{stranger.client("eve", "admin")}, 0, codes.Unavailable},
		{"for servers", []tls.Certificate{own}, 0, codes.Unavailable},
	} {
		// A client that asks for no certificate's issuer sends what it has.
		sent := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if len(c.certificates) == 0 {
				return new(tls.Certificate), nil
			}
			return &c.certificates[0], nil
		}
		config := &tls.Config{RootCAs: trusted.pool(), ServerName: "localhost", GetClientCertificate: sent}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config.Clone()}}
		resp, err := client.Get("https://" + l.Addr().String() + "/v1/voices")
		switch {
		case err == nil:
			_ = resp.Body.Close()
			if resp.StatusCode != c.code {
				t.Errorf("%s: %s", c.name, resp.Status)
			}
		case c.code != 0:
			t.Errorf("%s: %v", c.name, err)
		}
		client.CloseIdleConnections()
		conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(config.Clone())))
		if err != nil {
			t.Fatal(err)
		}
		if err := listVoices(t.Context(), conn); status.Code(err) != c.status {
			t.Errorf("%s over gRPC: %v", c.name, err)
		}
		_ = conn.Close()
	}
}
