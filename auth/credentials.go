package auth

import (
	"context"
	"crypto/x509"
	"errors"

	"github.com/lectern/lectern/fault"
)

// Credentials are what a call brings to say whose it is. Any of them may be empty.
type Credentials struct {
	// Bearer is the token of the authorization header, without "Bearer ".
	Bearer string
	// APIKey is that of x-goog-api-key or of the query's key.
	APIKey string
	// Certificate is the client's, verified by TLS against an authority that the
	// server was told to trust; nil if there is none.
	Certificate *x509.Certificate
	// Scopes are those that what is called accepts of a token that carries scopes,
	// beside CloudPlatform: see Within. The server says so, whatever the call brings.
	Scopes []string
}

// None reports whether a call brings nothing.
func (c Credentials) None() bool { return c.Bearer == "" && c.APIKey == "" && c.Certificate == nil }

// ErrNotMine is what an [Authenticator] returns for credentials that it knows
// nothing of; another one may.
var ErrNotMine = errors.New("the credentials are not of this kind")

// Authenticator tells whose call it is by one kind of credentials. The suite in
// package authtest proves one.
type Authenticator interface {
	// Authenticate returns the principal to whom c belongs, with a name and a role
	// above None. Credentials of another kind, and none at all, are ErrNotMine.
	// Whatever is of this kind and does not hold (forged, expired, for somebody
	// else, revoked) is a *fault.Error, UNAUTHENTICATED or PERMISSION_DENIED or
	// INVALID_ARGUMENT as Google's services answer it; UNAVAILABLE if it cannot be
	// known at the moment. A token that carries scopes must be Within them, else it is
	// PERMISSION_DENIED. No error holds anything of the credentials.
	//
	// It may be called by many goroutines at once, for each call that comes, before
	// anything else of it is read. c is a stranger's: it is not larger than headers
	// may be, and nothing else is known of it.
	Authenticate(ctx context.Context, c Credentials) (Principal, error)
}

// Chain asks authenticators one after the other until one knows the credentials.
// Of several credentials in a call the bearer token counts, then the API key, then
// the certificate: a token is given out for calls, a certificate for connections.
type Chain []Authenticator

var _ Authenticator = Chain(nil)

// Authenticate implements [Authenticator]; unlike others it returns a *fault.Error
// for credentials that nobody knows and for none, never ErrNotMine.
func (all Chain) Authenticate(ctx context.Context, c Credentials) (Principal, error) {
	switch {
	case c.Bearer != "":
		c.APIKey, c.Certificate = "", nil
	case c.APIKey != "":
		c.Certificate = nil
	}
	for _, a := range all {
		p, err := a.Authenticate(ctx, c)
		if !errors.Is(err, ErrNotMine) {
			return p, err
		}
	}
	switch {
	case c.None():
		return Principal{}, Missing()
	case c.APIKey != "":
		return Principal{}, InvalidAPIKey()
	}
	return Principal{}, Invalid()
}

// Missing says that a call brings no credentials, as the platform does.
func Missing() *fault.Error {
	return fault.New(fault.Unauthenticated, "Request is missing required authentication credential. Expected OAuth 2 access token or API key; `lectern keys create` makes them.").For("CREDENTIALS_MISSING")
}

// Invalid says that a token or certificate does not hold, and not why: whoever
// made it up need not know. The cause is for the log.
func Invalid() *fault.Error {
	return fault.New(fault.Unauthenticated, "Request had invalid authentication credentials. Expected OAuth 2 access token or API key; `lectern keys create` makes them.")
}

// InvalidAPIKey says that an API key does not hold.
func InvalidAPIKey() *fault.Error {
	return fault.New(fault.InvalidArgument, "API key not valid. Please pass a valid API key.").For("API_KEY_INVALID")
}

// NarrowScope says that a token holds and that its scopes are not for what is called.
func NarrowScope() *fault.Error {
	return fault.New(fault.PermissionDenied, "Request had insufficient authentication scopes.").For("ACCESS_TOKEN_SCOPE_INSUFFICIENT")
}

// Denied says that p may not do what needs a permission on a resource, which may
// not exist either.
func Denied(permission, resource string) *fault.Error {
	return fault.New(fault.PermissionDenied, "Permission '%s' denied on resource '%s' (or it may not exist).", permission, resource).For("IAM_PERMISSION_DENIED")
}

// Unknowable says that credentials cannot be checked at the moment.
func Unknowable(cause error) *fault.Error {
	return fault.New(fault.Unavailable, "Credentials cannot be checked at the moment. Try again later.").Because(cause)
}

// NoRole says that credentials hold and give their holder no role here.
func NoRole() *fault.Error {
	return fault.New(fault.PermissionDenied, "The caller does not have permission: its credentials hold, and give it no role on this server.").For("IAM_PERMISSION_DENIED")
}
