// Package certificates is where a server's certificate comes from: a pair of files
// ([Files]), the private authority of its machine ([Own]), or a certificate
// authority by the protocol ACME ([ACME]). Each is renewed while the server runs.
package certificates

import (
	"context"
	"crypto/tls"
)

// Source has the certificate of a server.
type Source interface {
	// Config is TLS with the certificate of the moment.
	Config() *tls.Config
	// Run gets what can be got before a client asks, once connections are
	// accepted. It returns when ctx ends or there is nothing left to do, never
	// with an error that the server should end for.
	Run(ctx context.Context) error
}
