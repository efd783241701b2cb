package peers_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/needs"
)

// guarded is a server that asks for credentials.
type guarded struct {
	*program
	keptIn []string // the flags of where its keys are
}

func serveGuarded(t *testing.T, flags ...string) guarded {
	t.Helper()
	data := t.TempDir()
	return guarded{serve(t, data, append([]string{"--credentials", "required"}, flags...)...), []string{"--data", data}}
}

// keys runs a command of lectern keys as an operator would, beside the server.
func (g guarded) keys(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "lectern"), append([]string{"keys"}, append(args, g.keptIn...)...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("keys %q: %v\n%s", args, err, &said)
	}
	return strings.TrimSpace(string(out))
}

// account makes a service account and returns its file.
func (g guarded) account(t *testing.T, project, role string) string {
	t.Helper()
	return g.accountAt(t, "http://"+g.address, project, role)
}

// accountAt is account for programs that reach the server at another URL.
func (g guarded) accountAt(t *testing.T, url, project, role string) string {
	t.Helper()
	text := g.keys(t, "create", "--project", project, "--role", role, "--url", url)
	path := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// apiKey makes an API key.
func (g guarded) apiKey(t *testing.T, project, role string) string {
	t.Helper()
	return g.keys(t, "create", "--project", project, "--role", role, "--api-key")
}

// selfSigned is a token that the account of a file has signed, as a library does.
func selfSigned(t *testing.T, path string, change map[string]any) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var account keys.Account
	if err := json.Unmarshal(text, &account); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(account.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", account.PrivateKeyID))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	claims := map[string]any{
		"iss": account.ClientEmail, "sub": account.ClientEmail, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "scope": auth.CloudPlatform,
	}
	maps.Copy(claims, change)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// exchanged is an access token that the account of a file has had for its signature.
func (g guarded) exchanged(t *testing.T, path string) string {
	t.Helper()
	assertion := selfSigned(t, path, map[string]any{"aud": "https://oauth2.googleapis.com/token"})
	resp, err := http.PostForm("http://"+g.address+"/token", url.Values{"grant_type": {keys.GrantType}, "assertion": {assertion}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var token keys.Token
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatalf("%s: %+v, %v", resp.Status, token, err)
	}
	return token.AccessToken
}

// status is that of listing the voices with a header.
func (g guarded) status(t *testing.T, header, value string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+g.address+"/v1/voices", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(header, value)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// A key that a command revokes lets nobody in a second later, while the server runs.
func TestRevokedKeys(t *testing.T) {
	g := serveGuarded(t)
	g.revokeAll(t, g)
}

// So it is on all nodes of a store.
func TestRevokedKeysOfNodes(t *testing.T) {
	url := needs.Postgres(t).URL("postgres")
	nodes := make([]guarded, 2)
	for i := range nodes {
		nodes[i] = serveGuarded(t, "--store", url)
		nodes[i].keptIn = []string{"--store", url}
	}
	nodes[0].revokeAll(t, nodes[1])
}

// revokeAll makes keys, has an access token of g, and lets other see all of them end.
func (g guarded) revokeAll(t *testing.T, other guarded) {
	account, apiKey := g.account(t, "books", "viewer"), g.apiKey(t, "books", "viewer")
	token, access := "Bearer "+selfSigned(t, account, nil), "Bearer "+g.exchanged(t, account)
	all := [][2]string{{"Authorization", token}, {"Authorization", access}, {"X-Goog-Api-Key", apiKey}, {"Authorization", "Bearer " + apiKey}}
	for _, c := range all {
		if code := other.status(t, c[0], c[1]); code != 200 {
			t.Fatalf("before: %d", code)
		}
	}
	var listed struct{ Keys []struct{ ID string } }
	if err := json.Unmarshal([]byte(g.keys(t, "list", "--json")), &listed); err != nil || len(listed.Keys) != 2 {
		t.Fatalf("%+v, %v", listed, err)
	}
	for _, k := range listed.Keys {
		g.keys(t, "revoke", k.ID)
	}
	revoked := time.Now()
	for _, c := range all {
		for {
			late := time.Since(revoked)
			if code := other.status(t, c[0], c[1]); code == 401 || code == 400 {
				break
			}
			if late > time.Second {
				t.Fatalf("%s is let in %v after it was revoked", c[0], late)
			}
		}
	}
}

// tunnel ends TLS before a server, as a proxy does, and returns its address and the
// file of the authority that signs for it.
func (g guarded) tunnel(t *testing.T) (address, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	authority = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: []string{"h2", "http/1.1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go relay(conn, g.address)
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "localhost:" + port, authority
}

// relay passes bytes between a client and the server at address until one of them
// has no more.
func relay(client net.Conn, address string) {
	defer client.Close()
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			ended <- struct{}{}
		}()
	}
	<-ended
}
