// Package authority is a private certificate authority, for names that no public
// one vouches for: those of this machine and its network ([Open]), or those that a
// program's calls are answered for while it runs ([New]).
//
// An authority that others trust is a danger if its key is stolen. So each is
// limited, by name constraints in its own certificate which clients check, to the
// names that it is for; the key of one that is kept is readable by its owner only,
// and that of the other is never written at all.
//
// An Authority is safe for concurrent use.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"time"
)

// How long certificates are good for. Some clients refuse those of servers that
// last longer than 398 days.
const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour
	// skew is by how much the clocks of clients may be behind.
	skew = time.Hour
)

// Limits are the names that an authority may vouch for.
type Limits struct {
	// Domains are names, each with all below it, in small letters.
	Domains []string
	// Addresses says that it may vouch for addresses, for any of them: gRPC in C
	// refuses every certificate with an address of an authority that says which.
	Addresses bool
}

// Authority issues certificates.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time
}

// New makes an authority of this name that is kept nowhere. now is time.Now or a
// stand-in.
func New(name string, limits Limits, now func() time.Time) (*Authority, error) {
	if len(limits.Domains) == 0 {
		return nil, errors.New("authority: there are no names to be limited to") // none would mean any
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:                     pkix.Name{CommonName: name, Organization: []string{"Lectern"}},
		NotBefore:                   now().Add(-skew),
		NotAfter:                    now().Add(authorityLife),
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid:       true,
		IsCA:                        true,
		MaxPathLenZero:              true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         limits.Domains,
	}
	if !limits.Addresses {
		template.ExcludedIPRanges = everyAddress
	}
	cert, err := sign(template, template, key, key)
	if err != nil {
		return nil, err
	}
	return &Authority{cert, key, now}, nil
}

var everyAddress = []*net.IPNet{
	{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)},
	{IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)},
}

// Certificate is the authority's own, in PEM: what clients are told to trust.
func (a *Authority) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// Issue makes a certificate for a server of these names, which may be addresses.
// It fails for names beyond the authority's limits, which no client would take.
func (a *Authority) Issue(names ...string) (*tls.Certificate, error) {
	if len(names) == 0 {
		return nil, errors.New("authority: a certificate needs a name")
	}
	for _, name := range names {
		if err := a.Permits(name); err != nil {
			return nil, err
		}
	}
	return a.issue(names)
}

// issue is Issue, whatever the limits.
func (a *Authority) issue(names []string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		// OpenSSL takes a common name that looks like a host for one more name.
		Subject:     pkix.Name{CommonName: "Lectern server"},
		NotBefore:   a.now().Add(-skew),
		NotAfter:    earlier(a.now().Add(leafLife), a.cert.NotAfter),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	leaf, err := sign(template, a.cert, key, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// Permits says why the authority may not vouch for name, or nil.
func (a *Authority) Permits(name string) error {
	if net.ParseIP(name) != nil {
		if len(a.cert.ExcludedIPRanges) == 0 {
			return nil
		}
		return &LimitError{Name: name}
	}
	for _, domain := range a.cert.PermittedDNSDomains {
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return nil
		}
	}
	return &LimitError{Name: name}
}

// LimitError tells of a name that an authority was not made for.
type LimitError struct{ Name string }

func (e *LimitError) Error() string {
	return fmt.Sprintf("the authority was not made to vouch for %s", e.Name)
}

// sign makes the certificate of key's public half.
func sign(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial := make([]byte, 16)
	if _, err := rand.Read(serial); err != nil {
		return nil, err
	}
	serial[0] &= 0x7f // a positive number of at most 20 bytes
	template.SerialNumber = new(big.Int).SetBytes(serial)
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(public)
	template.SubjectKeyId = id[:20]
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
