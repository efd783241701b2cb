package authority

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Open is the authority that is kept in file, made there for names, beside those
// that every machine and private network has, if there is none yet. Processes that
// open the same file at the same time get the same authority.
//
// It fails when what file holds may be read by others, is no authority, or has come
// to its end; the error says what to do.
func Open(file string, names []string, now func() time.Time) (*Authority, error) {
	a, err := read(file, now)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, err
	}
	if a, err = New("Lectern's authority on "+machine(), Own(names...), now); err != nil {
		return nil, err
	}
	if err := a.keep(file); err != nil {
		return nil, fmt.Errorf("the authority cannot be kept: %w", err)
	}
	return read(file, now) // the one of whoever was first
}

// machine is this machine's name.
func machine() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return strings.ToLower(name)
}

// Own are the limits of an authority for a machine and its network, and for names:
// what nobody else on the Internet is called, and addresses.
func Own(names ...string) Limits {
	limits := Limits{Domains: []string{"localhost", "local", "lan", "internal", "home.arpa", "test", machine()}, Addresses: true}
	for _, name := range names {
		if net.ParseIP(name) == nil {
			limits.Domains = append(limits.Domains, strings.ToLower(name))
		}
	}
	return limits
}

const keyType, certificateType = "PRIVATE KEY", "CERTIFICATE"

// keep writes a to file unless there is one.
func (a *Authority) keep(file string) error {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	// Shown whole and under a name that nobody else has taken.
	part, err := os.CreateTemp(filepath.Dir(file), ".authority-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(append(pem.EncodeToMemory(&pem.Block{Type: keyType, Bytes: key}), a.Certificate()...))
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Link(part.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// read is the authority in file.
func read(file string, now func() time.Time) (*Authority, error) {
	st, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s, the authority's key, may be read by others: run chmod 600 on it, or remove it if somebody has; whoever has the key can pass for this server", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	a := &Authority{now: now}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case keyType:
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("the key in %s: %w", file, err)
			}
			a.key, _ = key.(*ecdsa.PrivateKey)
		case certificateType:
			if a.cert, err = x509.ParseCertificate(block.Bytes); err != nil {
				return nil, fmt.Errorf("the certificate in %s: %w", file, err)
			}
		}
	}
	if a.key == nil || a.cert == nil || !a.key.PublicKey.Equal(a.cert.PublicKey) {
		return nil, fmt.Errorf("%s holds no authority: move it away, and another is made, which clients must be told to trust", file)
	}
	if !now().Before(a.cert.NotAfter) {
		return nil, fmt.Errorf("the authority in %s ended on %s: move it away, and another is made, which clients must be told to trust", file, a.cert.NotAfter.Format(time.DateOnly))
	}
	return a, nil
}
