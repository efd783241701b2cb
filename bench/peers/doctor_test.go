package peers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// doctor is what lectern doctor prints with these flags, and whether all is well.
func doctor(t *testing.T, data, apiKey string, flags ...string) (said string, well bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "lectern"), append([]string{"doctor", "--data", data}, flags...)...)
	cmd.Env = append(os.Environ(), "LECTERN_API_KEY="+apiKey)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// What the doctor says of a server with TLS and credentials, to who may and may not.
func TestDoctorOverTLS(t *testing.T) {
	g := serveGuarded(t, "--tls-self-signed")
	named, stranger := "https://"+g.named(), t.TempDir()
	for name, tc := range map[string]struct {
		data, key, server string
		well              bool
		says              []string
	}{
		"with a key":        {g.data, g.apiKey(t, "p1", "viewer"), named, true, []string{"ok    tls      the certificate is for ", "ok    server   a server answers at " + named + ", with "}},
		"without a key":     {g.data, "", named, true, []string{"ok    tls ", "asks for credentials", "lectern keys create"}},
		"with a wrong key":  {g.data, "made-up", named, false, []string{"BAD   key ", "lectern keys list"}},
		"without trust":     {stranger, "", named, false, []string{"BAD   tls ", "lectern trust"}},
		"in plain text":     {g.data, "", g.named(), false, []string{"BAD   server ", "speaks TLS; call it https://" + g.named()}},
		"where nobody is":   {g.data, "", "https://localhost:1", false, []string{"BAD   server   No server answers at localhost:1"}},
		"an odd address":    {g.data, "", "nowhere", false, []string{"BAD   server ", "is not the address of a server"}},
		"without its voice": {g.data, "", "http://" + g.named() + "/v1", false, []string{"BAD   server "}},
	} {
		t.Run(name, func(t *testing.T) {
			said, well := doctor(t, tc.data, tc.key, "--server", tc.server)
			if well != tc.well {
				t.Errorf("well: %v", well)
			}
			for _, words := range tc.says {
				if !strings.Contains(said, words) {
					t.Errorf("it says\n%swithout %q", said, words)
				}
			}
		})
	}
	// By where it listens, the doctor finds out by itself that it speaks TLS.
	if said, _ := doctor(t, g.data, "", "--listen", g.address); !strings.Contains(said, "ok    port     a server answers at https://"+g.address+" and asks for credentials") {
		t.Errorf("by --listen it says\n%s", said)
	}
}

// A server that wants its clients' certificates is not one that is not there.
func TestDoctorOfMutualTLS(t *testing.T) {
	data, authority := t.TempDir(), filepath.Join(t.TempDir(), "clients.pem")
	first := serve(t, data, "--tls-self-signed")
	if out, err := exec.Command(filepath.Join(programs, "lectern"), "trust", "--data", data, "--export", authority).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	first.stop(t)
	server := serve(t, data, "--tls-self-signed", "--tls-client-ca", authority)
	said, well := doctor(t, data, "", "--server", "https://"+server.named())
	if well || !strings.Contains(said, "BAD   tls ") || !strings.Contains(said, "--tls-client-ca") {
		t.Errorf("%v\n%s", well, said)
	}
}
