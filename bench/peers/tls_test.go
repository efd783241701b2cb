package peers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/needs"
)

// named is the server's address by a name.
func (p *program) named() string { return strings.Replace(p.address, "127.0.0.1", "localhost", 1) }

// trusting runs a script of a shell that has done what `lectern trust` says.
func trusting(data, script string, args ...string) []string {
	return append([]string{"sh", "-c", `eval "$(` + filepath.Join(programs, "lectern") + ` trust --data ` + data + `)"; ` + script, "sh"}, args...)
}

// Each line that `lectern trust` prints does what it says.
func TestTrust(t *testing.T) {
	server := serve(t, t.TempDir(), "--tls-self-signed")
	exec := `exec "$@"`
	t.Run("go", func(t *testing.T) {
		program := goProgram(t)
		for _, transport := range []string{"grpc", "rest"} {
			speaks(t, trusting(server.data, exec, program, transport, server.named())...)
		}
	})
	t.Run("python", func(t *testing.T) {
		program := unchangedPython(t)
		for _, transport := range []string{"grpc", "rest"} {
			speaks(t, trusting(server.data, exec, append(program, transport, server.named())...)...)
		}
	})
	t.Run("curl", func(t *testing.T) {
		speaks(t, trusting(server.data, `curl -sSf "https://$1/v1/voices" >/dev/null && curl -sSf "https://$2/v1/voices" >/dev/null && echo spoken`, server.address, server.named())...)
	})
	t.Run("lectern", func(t *testing.T) {
		speaks(t, trusting(server.data, `"$1" voices --server "https://$2" >/dev/null && echo spoken`, filepath.Join(programs, "lectern"), server.named())...)
	})
	t.Run("one call of curl", func(t *testing.T) {
		speaks(t, "sh", "-c", toldBy(t, server, "curl")+" >/dev/null && echo spoken")
	})
	t.Run("the system", func(t *testing.T) {
		needs.OwnNetwork(t)
		needs.Program(t, "update-ca-certificates")
		// What it changes is a copy, which only the script sees.
		speaks(t, "unshare", "-rm", "sh", "-ec", `
			copies=$1
			for dir in /etc/ssl/certs /usr/local/share/ca-certificates; do
				mkdir -p "$copies$dir" "$dir"
				cp -dR "$dir/." "$copies$dir"
				mount --bind "$copies$dir" "$dir"
			done
			! curl -sS "https://$2/v1/voices" 2>/dev/null
			`+toldBy(t, server, "install")+` >/dev/null 2>&1
			curl -sSf "https://$2/v1/voices" >/dev/null && echo spoken`, "sh", t.TempDir(), server.named())
	})
}

func TestTrustOtherClients(t *testing.T) {
	server := serve(t, t.TempDir(), "--tls-self-signed")
	for language, program := range otherPrograms {
		for _, transport := range []string{"grpc", "rest"} {
			t.Run(language+" "+transport, func(t *testing.T) {
				speaks(t, trusting(server.data, `exec "$@"`, append(program(t), transport, server.named())...)...)
			})
		}
	}
}

// toldBy is the command that `lectern trust` only tells of, for this server.
func toldBy(t *testing.T, p *program, command string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, "lectern"), "trust", "--data", p.data).CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	line := regexp.MustCompile(`(?m)^#   (` + command + ` .*)$`).FindStringSubmatch(string(out))
	if line == nil {
		t.Fatalf("there is no line for %s in\n%s", command, out)
	}
	return strings.Replace(line[1], "localhost:8085", p.named(), 1)
}

func TestTrustExport(t *testing.T) {
	data := t.TempDir()
	lectern := filepath.Join(programs, "lectern")
	if out, err := exec.Command(lectern, "trust", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), "--tls-self-signed") {
		t.Errorf("without an authority: %v %s", err, out)
	}
	server := serve(t, data, "--tls-self-signed")
	file := filepath.Join(t.TempDir(), "lectern.pem")
	if out, err := exec.Command(lectern, "trust", "--data", data, "--export", file).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v %s", err, out)
	}
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "KEY") {
		t.Errorf("%s, %v", text, err)
	}
	if body, status := curl(t, "--cacert", file, "https://"+server.address+"/v1/voices"); !strings.HasPrefix(status, "200") {
		t.Errorf("%s %s", status, body)
	}
	if st, err := os.Stat(filepath.Join(data, "authority.pem")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the authority: %v, %v", st, err)
	}
}

// A pair of files, and clients that must have certificates of their own.
func TestMutualTLS(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, blocks ...*pem.Block) string {
		t.Helper()
		var text []byte
		for _, block := range blocks {
			text = append(text, pem.EncodeToMemory(block)...)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := func(k any) *pem.Block {
		t.Helper()
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	}
	own, err := authority.New("a test's authority", authority.Own(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := own.Issue("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "root.pem")
	if err := os.WriteFile(root, own.Certificate(), 0o600); err != nil {
		t.Fatal(err)
	}
	clientKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	self := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ann"}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, self, self, clientKey.Public(), clientKey)
	if err != nil {
		t.Fatal(err)
	}
	ann := file("ann.pem", &pem.Block{Type: "CERTIFICATE", Bytes: der})
	annKey := file("ann.key", key(clientKey))

	server := serve(t, t.TempDir(),
		"--tls-cert", file("tls.pem", &pem.Block{Type: "CERTIFICATE", Bytes: certificate.Leaf.Raw}), "--tls-key", file("tls.key", key(certificate.PrivateKey)),
		"--tls-client-ca", ann)
	address := "https://" + server.address + "/v1/voices"
	if body, status := curl(t, "--cacert", root, "--cert", ann, "--key", annKey, address); !strings.HasPrefix(status, "200") {
		t.Errorf("%s %s", status, body)
	}
	var exit *exec.ExitError
	if out, err := exec.Command("curl", "-sS", "--cacert", root, address).Output(); !errors.As(err, &exit) {
		t.Errorf("a client without a certificate was served: %s", out)
	}
	// The commands know the authority by the system's variable here, and show what they are told to.
	voices := func(environment ...string) (string, error) {
		cmd := exec.Command(filepath.Join(programs, "lectern"), "voices", "--server", "https://"+server.address)
		cmd.Env = append(os.Environ(), append(environment, "SSL_CERT_FILE="+root)...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if said, err := voices("LECTERN_CLIENT_CERT="+ann, "LECTERN_CLIENT_KEY="+annKey); err != nil || !strings.Contains(said, "en-US") {
		t.Errorf("%v %s", err, said)
	}
	for _, shown := range []string{"", root} {
		said, err := voices("LECTERN_CLIENT_CERT="+shown, "LECTERN_CLIENT_KEY="+annKey)
		if err == nil || !strings.Contains(said, "LECTERN_CLIENT_CERT") || strings.Count(said, "\n") != 1 {
			t.Errorf("with %q: %v %s", shown, err, said)
		}
	}
}
