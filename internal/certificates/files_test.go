package certificates

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/authority"
)

// pair is a certificate and its key, in PEM.
func pair(t *testing.T, now time.Time) (cert, key []byte) {
	t.Helper()
	a, err := authority.New("a test's authority", authority.Own(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := a.Issue("localhost")
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Leaf.Raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestFilesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	// As who renews certificates does it: a new file takes the place of the old.
	write := func(file string, content []byte) {
		t.Helper()
		if err := errors.Join(os.WriteFile(file+".new", content, 0o600), os.Rename(file+".new", file)); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	var log bytes.Buffer
	cert1, key1 := pair(t, now)
	write(certFile, cert1)
	if _, err := Files(certFile, keyFile, slog.New(slog.DiscardHandler), time.Now); err == nil || !strings.Contains(err.Error(), keyFile) {
		t.Errorf("without a key: %v", err)
	}
	write(keyFile, key1)
	source, err := Files(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	get := source.Config().GetCertificate
	serves := func(cert []byte) {
		t.Helper()
		now = now.Add(lookAgain)
		got, err := get(nil)
		if err != nil {
			t.Fatal(err)
		}
		if block, _ := pem.Decode(cert); !bytes.Equal(got.Leaf.Raw, block.Bytes) {
			t.Error("another certificate is served")
		}
	}
	serves(cert1)

	// The two files change one after the other; between, they are no pair.
	cert2, key2 := pair(t, now)
	write(certFile, cert2)
	serves(cert1)
	if !strings.Contains(log.String(), "cannot be used") || !strings.Contains(log.String(), certFile) {
		t.Errorf("the log: %s", &log)
	}
	log.Reset()
	serves(cert1)
	if log.Len() > 0 {
		t.Errorf("it is said again: %s", &log)
	}
	write(keyFile, key2)
	serves(cert2)

	// None of this ends the service.
	write(certFile, []byte("nothing"))
	serves(cert2)
	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	serves(cert2)
	past, pastKey := pair(t, now.Add(-365*24*time.Hour))
	write(certFile, past)
	write(keyFile, pastKey)
	serves(cert2)
	if !strings.Contains(log.String(), "ended on") {
		t.Errorf("the log: %s", &log)
	}
	write(certFile, cert1)
	write(keyFile, key1)
	serves(cert1)
}
