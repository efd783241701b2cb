// Package trust makes what programs of many kinds are pointed at so that they trust
// one authority more than the system does, and names the variables that point them
// there.
package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"software.sslmate.com/src/go-pkcs12"
)

// storePassword is that of stores for Java, which wants one. What it locks is public.
const storePassword = pkcs12.DefaultPassword

// Files are what programs are pointed at.
type Files struct {
	Authority string // the authority alone, PEM
	Bundle    string // it and what is trusted otherwise, PEM
	Store     string // the bundle for Java, PKCS #12
	// Others is how many authorities are trusted otherwise.
	Others int
}

// systemBundles are where systems keep what they trust, in one file.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Alpine, Arch
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem", // openSUSE
	"/etc/ssl/cert.pem",      // macOS, the BSDs
}

// Write makes the files in dir for an authority, PEM. Trusted otherwise is what the
// system trusts, and what the files of further have, those which are there.
func Write(dir string, authority []byte, further ...string) (Files, error) {
	files := Files{
		Authority: filepath.Join(dir, "authority.pem"),
		Bundle:    filepath.Join(dir, "bundle.pem"),
		Store:     filepath.Join(dir, "truststore.p12"),
	}
	others, err := otherwise(further)
	if err != nil {
		return files, err
	}
	certificates := parse(others)
	files.Others = len(certificates)
	store, err := pkcs12.Modern.EncodeTrustStore(append(certificates, parse(authority)...), storePassword)
	if err != nil {
		return files, fmt.Errorf("the store for Java cannot be made: %w", err)
	}
	return files, errors.Join(
		replace(files.Authority, authority),
		replace(files.Bundle, append(others, authority...)),
		replace(files.Store, store),
	)
}

// otherwise is the text of the system's bundle and of further ones.
func otherwise(further []string) ([]byte, error) {
	var text []byte
	add := func(file string) error {
		more, err := os.ReadFile(file)
		if err == nil {
			text = append(append(text, bytes.TrimSpace(more)...), '\n')
		}
		return err
	}
	for _, file := range systemBundles {
		if add(file) == nil {
			break
		}
	}
	for _, file := range further {
		if err := add(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return text, nil
}

// parse is the certificates in text, without those that Go does not take.
func parse(text []byte) []*x509.Certificate {
	var found []*x509.Certificate
	seen := map[string]bool{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil && !seen[string(cert.Raw)] {
			seen[string(cert.Raw)] = true
			found = append(found, cert)
		}
	}
	return found
}

// replace writes file whole or not at all: programs may be reading it.
func replace(file string, content []byte) error {
	part, err := os.CreateTemp(filepath.Dir(file), ".trust-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(content)
	if err = errors.Join(err, part.Chmod(0o644), part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}
