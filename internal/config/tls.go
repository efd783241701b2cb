package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// TLS is how the port speaks TLS. Without a source of a certificate, of which there
// is one at most, it speaks plain text.
type TLS struct {
	// Cert and Key are files of PEM, which are read again when they change.
	Cert, Key string
	// SelfSigned has a private authority in Data vouch for the server.
	SelfSigned bool
	// ACMEDomains are the names that ACMEDirectory, the URL of a certificate
	// authority, is asked to vouch for. ACMEEmail is told to it.
	ACMEDomains              []string
	ACMEDirectory, ACMEEmail string
	// ACMEBinding is the id of an account at the authority, and ACMEBindingKey the file
	// of its key, for those that ask for one (EAB).
	ACMEBinding, ACMEBindingKey string
	// ClientCA is a file of the authorities, PEM, one of which must vouch for each
	// client; empty means that clients need no certificate.
	ClientCA string
}

// On reports whether the port speaks TLS.
func (t TLS) On() bool { return t.Cert != "" || t.Key != "" || t.SelfSigned || len(t.ACMEDomains) > 0 }

func (t TLS) check() error {
	sources := 0
	for _, given := range []bool{t.Cert != "" || t.Key != "", t.SelfSigned, len(t.ACMEDomains) > 0} {
		if given {
			sources++
		}
	}
	directory, err := url.Parse(t.ACMEDirectory)
	switch {
	case sources > 1:
		return errors.New("a server has one certificate: give --tls-cert with --tls-key, or --tls-self-signed, or --acme-domain")
	case (t.Cert == "") != (t.Key == ""):
		return errors.New("--tls-cert and --tls-key belong together: a certificate and its key, both PEM")
	case t.ClientCA != "" && sources == 0:
		return errors.New("--tls-client-ca is about TLS: give --tls-cert with --tls-key, --tls-self-signed or --acme-domain too")
	case t.ACMEEmail != "" && len(t.ACMEDomains) == 0:
		return errors.New("--acme-email is about --acme-domain, which is missing")
	case (t.ACMEBinding == "") != (t.ACMEBindingKey == ""):
		return errors.New("--acme-eab-kid and --acme-eab-key belong together: an account at the authority and the file of its key")
	case t.ACMEBinding != "" && len(t.ACMEDomains) == 0:
		return errors.New("--acme-eab-kid is about --acme-domain, which is missing")
	case t.ACMEDirectory+strings.Join(t.ACMEDomains, "") != "" && (err != nil || directory.Scheme != "https" || directory.Host == ""):
		return fmt.Errorf("--acme-directory %q must be the https:// address of a certificate authority's directory", t.ACMEDirectory)
	}
	for _, domain := range t.ACMEDomains {
		if !strings.Contains(strings.Trim(domain, "."), ".") || net.ParseIP(domain) != nil || strings.ContainsAny(domain, "/:* ") {
			return fmt.Errorf("--acme-domain %q must be a full name of the server, such as tts.example.com", domain)
		}
	}
	return nil
}
