package certificates

import (
	"context"
	"crypto/tls"

	"github.com/lectern/lectern/internal/authority"
)

// own is a certificate of a private authority.
type own struct {
	leaves *authority.Leaves
	names  []string
}

// Own is the source of certificates of a for a server of these names. It fails for
// names that a may not vouch for.
func Own(a *authority.Authority, names []string) (Source, error) {
	o := &own{a.Leaves(), names}
	if _, err := o.leaves.For(names...); err != nil {
		return nil, err
	}
	return o, nil
}

// Config implements Source.
func (o *own) Config() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return o.leaves.For(o.names...) }}
}

// Run implements Source. Certificates are made when they are asked for.
func (o *own) Run(context.Context) error { return nil }
