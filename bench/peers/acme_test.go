package peers_test

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/needs"
)

// acmeDomain is the name of the server in this test, which only the test's DNS knows.
const acmeDomain = "tts.lectern.test"

// A certificate is got from an authority by ACME, and got again before its end, while
// the server runs. The authority is pebble in strict mode, which refuses some good
// nonces, as any authority may.
func TestACME(t *testing.T) {
	pebble := needs.Tool(t, "pebble")
	dir := t.TempDir()
	port := freePort(t)
	at := "127.0.0.1:" + freePort(t)
	root := startPebble(t, pebble, dir, at, port, nil)
	t.Setenv("SSL_CERT_FILE", root) // the server is to trust pebble's own port
	server := serve(t, filepath.Join(dir, "data"), "--listen", "127.0.0.1:"+port,
		"--acme-domain", acmeDomain, "--acme-directory", "https://"+at+"/dir", "--acme-email", "ann@lectern.test")

	// It is got without a client, and another takes its place without a restart. Each
	// look is a connection, so that this waits for the server and not for a time.
	served := func(unlike string) string {
		t.Helper()
		for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
			conn, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Minute}, "tcp", "127.0.0.1:"+port, &tls.Config{ServerName: acmeDomain, InsecureSkipVerify: true}) // pebble's root is made anew at each start
			if err != nil {
				t.Fatalf("%v\n%s", err, server.log)
			}
			leaf := conn.ConnectionState().PeerCertificates[0]
			conn.Close()
			if err := leaf.VerifyHostname(acmeDomain); err != nil || !strings.Contains(leaf.Issuer.CommonName, "Pebble") {
				t.Fatalf("%v by %v", err, leaf.Issuer)
			}
			if serial := leaf.SerialNumber.String(); serial != unlike {
				return serial
			}
		}
		t.Fatal("it is not renewed")
		return ""
	}
	first := served("")
	served(first)
	if body, status := curl(t, "-k", "--resolve", acmeDomain+":"+port+":127.0.0.1", "https://"+acmeDomain+":"+port+"/v1/voices"); !strings.HasPrefix(status, "200") && !strings.HasPrefix(status, "403") {
		t.Errorf("%s %s", status, body)
	}
	if log := server.log.String(); strings.Contains(log, "there is no certificate") || !strings.Contains(log, "there is a certificate by ACME") {
		t.Error(log)
	}
	// The account and the certificate are kept, and are nobody else's.
	for _, name := range []string{"acme_account+key", acmeDomain} {
		if st, err := os.Stat(filepath.Join(server.data, "acme", name)); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}

// TestACMEAccountsThatAreBound: an authority that serves only accounts bound to its
// own is shown the binding.
func TestACMEAccountsThatAreBound(t *testing.T) {
	pebble := needs.Tool(t, "pebble")
	dir := t.TempDir()
	port := freePort(t)
	at := "127.0.0.1:" + freePort(t)
	const key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
	t.Setenv("SSL_CERT_FILE", startPebble(t, pebble, dir, at, port, map[string]string{"kid-1": key}))
	file := filepath.Join(dir, "eab")
	if err := os.WriteFile(file, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := serve(t, filepath.Join(dir, "data"), "--listen", "127.0.0.1:"+port, "--acme-domain", acmeDomain,
		"--acme-directory", "https://"+at+"/dir", "--acme-eab-kid", "kid-1", "--acme-eab-key", file)
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Minute}, "tcp", "127.0.0.1:"+port, &tls.Config{ServerName: acmeDomain, InsecureSkipVerify: true}) // pebble's root is made anew at each start
	if err != nil {
		t.Fatalf("%v\n%s", err, server.log)
	}
	defer conn.Close()
	if leaf := conn.ConnectionState().PeerCertificates[0]; leaf.VerifyHostname(acmeDomain) != nil || !strings.Contains(leaf.Issuer.CommonName, "Pebble") {
		t.Errorf("%v by %v", leaf.DNSNames, leaf.Issuer)
	}
}

// certificateLife is that of pebble's certificates: renewed when a third is left.
const certificateLife = 9 * time.Second

// startPebble starts an authority at address, which finds acmeDomain at a port of
// this machine, and returns the file of what vouches for its own port.
//
// With bindings, keys by id in base64, it serves only accounts that are bound.
func startPebble(t *testing.T, program, dir, address, port string, bindings map[string]string) string {
	t.Helper()
	own, err := authority.New("a test's authority", authority.Own(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := own.Issue("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, text []byte) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": address,
		"certificate":   write("pebble.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Leaf.Raw})),
		"privateKey":    write("pebble.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"tlsPort":       number, "httpPort": number, "keyAlgorithm": "ecdsa",
		"retryAfter": map[string]int{"authz": 1, "order": 1}, "externalAccountBindingRequired": bindings != nil, "externalAccountMACKeys": bindings,
		"profiles": map[string]any{"default": map[string]any{"description": "short", "validityPeriod": int(certificateLife.Seconds())}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-strict", "-config", write("pebble.json", config), "-dnsserver", startDNS(t))
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	var out buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("pebble's log:\n%s", &out)
		}
	})
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("pebble does not listen: %v\n%s", err, &out)
		}
	}
	return write("root.pem", own.Certificate())
}

// startDNS answers each question for an address with this machine's, over TCP, and
// returns its own address.
func startDNS(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for answerDNS(conn) == nil {
				}
			}()
		}
	}()
	return l.Addr().String()
}

// answerDNS answers the next question that comes.
func answerDNS(conn net.Conn) error {
	var length uint16
	if err := binary.Read(conn, binary.BigEndian, &length); err != nil {
		return err
	}
	question := make([]byte, length)
	if _, err := io.ReadFull(conn, question); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return err
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			})
		}
	}
	answer, err := m.Pack()
	if err != nil {
		return err
	}
	_, err = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	return err
}

// freePort is one that nobody listened on a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
