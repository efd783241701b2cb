package command

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/config"
)

// An authority that was made before a name was given cannot vouch for it: that is
// said at the start, with what to do.
func TestOwnCertificateOfANameThatCameLater(t *testing.T) {
	c := config.Default(func(string) string { return "" })
	c.Data = t.TempDir()
	if _, err := openOwn(c); err != nil {
		t.Fatal(err)
	}
	c.Hosts = []string{"tts.lan", "[fd00::1]"} // within the limits of every authority
	if _, err := openOwn(c); err != nil {
		t.Error(err)
	}
	c.Hosts = []string{"tts.example.com"}
	if _, err := openOwn(c); err == nil || !strings.Contains(err.Error(), "tts.example.com") || !strings.Contains(err.Error(), authorityFile(c.Data)) {
		t.Errorf("%v", err)
	}
	if err := os.Remove(authorityFile(c.Data)); err != nil {
		t.Fatal(err)
	}
	c.Listen = ":8085"
	source, err := openOwn(c)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := source.Config().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	machine, err := os.Hostname()
	for _, name := range []string{"tts.example.com", "localhost", "127.0.0.1", strings.ToLower(machine)} {
		if e := certificate.Leaf.VerifyHostname(name); e != nil || err != nil {
			t.Errorf("%s: %v", name, errors.Join(e, err))
		}
	}
}

func TestClientAuthoritiesMustBeThere(t *testing.T) {
	for _, text := range []string{"", "nothing"} {
		file := t.TempDir() + "/ca.pem"
		if text != "" {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := readAuthorities(file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
