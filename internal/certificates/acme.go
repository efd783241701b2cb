package certificates

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// LetsEncrypt is the directory that is asked when none is named.
const LetsEncrypt = acme.LetsEncryptURL

// ACMEConfig is what is asked of whom.
type ACMEConfig struct {
	// Domains are the names to be had a certificate for. The authority connects to
	// them at port 443 to see that they are this server's (tls-alpn-01).
	Domains []string
	// Directory is the URL of the authority's directory.
	Directory string
	// Email is told to the authority, which may write to it; empty for none.
	Email string
	// Binding is the account at the authority that this one belongs to (RFC 8555,
	// 7.3.4); nil where the authority asks for none.
	Binding *Binding
	// Cache is the directory of the account and the certificates, which is made.
	Cache string
	Log   *slog.Logger
}

// Binding is an account's name at an authority, and the key that shows whose it is.
type Binding = acme.ExternalAccountBinding

// ReadBinding is the binding to the account id whose key is in a file, in base64 as
// authorities give it out.
func ReadBinding(id, file string) (*Binding, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	url := strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(strings.TrimSpace(string(text)))
	key, err := base64.RawURLEncoding.DecodeString(url)
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("%s must hold nothing but the key, in base64, as the authority gives it out", file)
	}
	return &Binding{KID: id, Key: key}, nil
}

// ACME is a source of certificates by ACME (RFC 8555), which are renewed in the last
// third of their life, 30 days before their end at most. To use it is to accept the
// authority's terms.
func ACME(cfg ACMEConfig) Source {
	return &public{cfg, &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      autocert.DirCache(cfg.Cache),
		HostPolicy: autocert.HostWhitelist(cfg.Domains...),
		Email:      cfg.Email, ExternalAccountBinding: cfg.Binding,
		Client: &acme.Client{DirectoryURL: cfg.Directory, UserAgent: "lectern"},
	}}
}

type public struct {
	cfg     ACMEConfig
	manager *autocert.Manager
}

// Config implements Source.
func (p *public) Config() *tls.Config {
	config := p.manager.TLSConfig()
	// The authority's own connection has no certificate to show.
	proof := config.Clone()
	proof.NextProtos = []string{acme.ALPNProto}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if slices.Equal(hello.SupportedProtos, proof.NextProtos) {
			return proof, nil
		}
		return nil, nil
	}
	return config
}

// Run implements Source: it asks for what is missing, and has what was had before
// be renewed in time even if no client comes.
func (p *public) Run(ctx context.Context) error {
	for _, domain := range p.cfg.Domains {
		if ctx.Err() != nil {
			break
		}
		certificate, err := p.manager.GetCertificate(&tls.ClientHelloInfo{
			ServerName:   domain,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // as clients of today
		})
		if err != nil {
			p.cfg.Log.Error("there is no certificate by ACME, and another try is made when a client comes", "domain", domain, "directory", p.cfg.Directory, "cause", err)
			continue
		}
		p.cfg.Log.Info("there is a certificate by ACME", "domain", domain, "until", certificate.Leaf.NotAfter)
	}
	return nil
}
