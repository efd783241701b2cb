package trust_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/trust"
)

func newAuthority(t *testing.T) []byte {
	t.Helper()
	a, err := authority.New("a test's authority", authority.Own(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return a.Certificate()
}

func holds(t *testing.T, certificates []*x509.Certificate, text []byte) bool {
	t.Helper()
	block, _ := pem.Decode(text)
	for _, c := range certificates {
		if string(c.Raw) == string(block.Bytes) {
			return true
		}
	}
	return false
}

func TestWrite(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	company := filepath.Join(t.TempDir(), "company.pem")
	// Editors leave out the last newline.
	if err := os.WriteFile(company, []byte(strings.TrimSpace(string(theirs))), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 { // what is there is replaced
		files, err := trust.Write(dir, ours, company, filepath.Join(dir, "nosuch.pem"), company)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := os.ReadFile(files.Authority)
		if err != nil || string(alone) != string(ours) {
			t.Errorf("the authority alone: %s, %v", alone, err)
		}
		bundle, err := os.ReadFile(files.Bundle)
		if err != nil {
			t.Fatal(err)
		}
		var certificates []*x509.Certificate
		for block, rest := pem.Decode(bundle); block != nil; block, rest = pem.Decode(rest) {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			certificates = append(certificates, c)
		}
		store, err := os.ReadFile(files.Store)
		if err != nil {
			t.Fatal(err)
		}
		inStore, err := pkcs12.DecodeTrustStore(store, pkcs12.DefaultPassword)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range [][]*x509.Certificate{certificates, inStore} {
			if !holds(t, c, ours) || !holds(t, c, theirs) {
				t.Error("an authority is missing")
			}
		}
		if len(inStore) != files.Others+1 {
			t.Errorf("%d others, %d in the store", files.Others, len(inStore))
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
