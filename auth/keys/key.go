package keys

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"github.com/lectern/lectern/auth"
)

// Kind is what a key is to its holder.
type Kind string

// The kinds of keys.
const (
	// ServiceAccount signs tokens with a private key.
	ServiceAccount Kind = "service-account"
	// APIKey is a secret that is sent as it is.
	APIKey Kind = "api-key"
)

// Key is all that is kept of one: enough to recognise its holder, and nothing by
// which to pass for them.
type Key struct {
	ID      string    `json:"id"`
	Kind    Kind      `json:"kind"`
	Account string    `json:"account"` // whose it is; Principal.Name
	Project string    `json:"project"` // AllProjects for every one
	Role    auth.Role `json:"role"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"` // zero: it does not

	// Of a service account: the public half, in PEM, and where its holder sends
	// assertions to have them exchanged.
	PublicKey string `json:"publicKey,omitempty"`
	TokenURI  string `json:"tokenUri,omitempty"`

	// Of an API key: the SHA-256 of its secret. The secret has 256 random bits, so
	// that it cannot be guessed from its hash however quick the hash is; slow ones
	// are for what people choose.
	Hash []byte `json:"hash,omitempty"`
}

// Principal is who the holder of k is.
func (k Key) Principal() auth.Principal {
	p := auth.Principal{Name: k.Account, Projects: []string{k.Project}, Role: k.Role}
	if k.Role == auth.Admin {
		p.Projects = []string{auth.AllProjects}
	}
	return p
}

// holdsAt reports whether k has not expired at now.
func (k Key) holdsAt(now time.Time) bool { return k.Expires.IsZero() || now.Before(k.Expires) }

// public is the public key of a service account.
func (k Key) public() (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(k.PublicKey))
	if block == nil {
		return nil, fmt.Errorf("the key %s has no public key in PEM", k.ID)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the public key of %s cannot be read: %w", k.ID, err)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the public key of %s is not RSA's", k.ID)
	}
	return public, nil
}

// isSecret compares in a time that does not depend on secret.
func (k Key) isSecret(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sum[:], k.Hash) == 1
}

// Wish is what a key in the place of k shall be.
func (k Key) Wish() Wish {
	return Wish{Project: k.Project, Role: k.Role, Account: k.Account, URL: strings.TrimSuffix(k.TokenURI, TokenPath)}
}
