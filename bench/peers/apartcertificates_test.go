package peers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// clientAuthority vouches for clients, as an operator's does.
type clientAuthority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	file        string
}

func newClientAuthority(t *testing.T) clientAuthority {
	t.Helper()
	a := clientAuthority{file: filepath.Join(t.TempDir(), "clients.pem")}
	a.certificate = &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "clients"}, IsCA: true, BasicConstraintsValid: true}
	whole := a.issue(t, a.certificate)
	a.key, a.certificate = whole.PrivateKey.(*ecdsa.PrivateKey), whole.Leaf
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue signs a certificate, or has it sign itself while there is no key to do it with.
func (a clientAuthority) issue(t *testing.T, c *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := a.key
	if signer == nil {
		signer = key
	}
	c.NotAfter = time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, c, a.certificate, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// operator is an operator's certificate of a project, named by its subject.
func (a clientAuthority) operator(t *testing.T, project string) tls.Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		Subject: pkix.Name{CommonName: "op", Organization: []string{project}, OrganizationalUnit: []string{"operator"}},
	})
}

// Nobody reaches another project's operations by a certificate, nor by one and what
// they bring beside it.
func TestCertificatesAreApart(t *testing.T) {
	clients := newClientAuthority(t)
	g := serveGuarded(t, "--tls-self-signed", "--tls-client-ca", clients.file, "--bucket-project", "victims=victim", "--bucket-project", "absent=victim")
	text, err := os.ReadFile(filepath.Join(g.data, "authority.pem"))
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(text) {
		t.Fatalf("the server's authority: %v", err)
	}
	with := func(c tls.Certificate) (*grpc.ClientConn, *http.Client) {
		t.Helper()
		config := &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}
		conn, err := grpc.NewClient(g.address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config.Clone()}}
		t.Cleanup(func() { conn.Close(); client.CloseIdleConnections() })
		return conn, client
	}
	owner, ownersClient := with(clients.operator(t, "victim"))
	long := longRequest(victims, "gs://victims/book.wav")
	long.Input.InputSource = &texttospeechpb.SynthesisInput_Text{Text: bookText}
	op, err := texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(owner).SynthesizeLongAudio(t.Context(), long)
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, project := range []string{"intruder", "victi", "VICTIM"} {
		conn, client := with(clients.operator(t, project))
		a := attack{t: t, conn: conn, client: client, url: "https://" + g.address, name: op.GetName(), id: idOf(op)}
		i := intruder{name: "a certificate of " + project, known: true}
		a.overGRPC(i)
		a.overREST(i)
		made += a.made
	}
	// What counts of the two is the token: the owner's certificate does not make up for it.
	a := attack{t: t, conn: owner, client: ownersClient, url: "https://" + g.address, name: op.GetName(), id: idOf(op)}
	for _, i := range []intruder{
		{"the owner's certificate and another project's API key", "x-goog-api-key", g.apiKey(t, "intruder", "operator"), true},
		{"the owner's certificate and a made-up token", "authorization", "Bearer made-up", false},
	} {
		a.overGRPC(i)
		a.overREST(i)
	}
	made += a.made
	t.Logf("%d attempts", made)
	if made < 1000 {
		t.Errorf("only %d attempts", made)
	}
	got, err := longrunningpb.NewOperationsClient(owner).GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.GetName()})
	if err != nil || got.GetError() != nil {
		t.Errorf("the owner sees %v, %v", got, err)
	}
	if code, answer := a.send(intruder{}, "GET", "/lectern/v1/"+op.GetName(), ""); code != 200 {
		t.Errorf("the owner sees %d %s", code, answer)
	}
}
