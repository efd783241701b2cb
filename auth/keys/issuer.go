package keys

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/lectern/lectern/auth"
)

// Config is what an [Issuer] is made of. Store is needed.
type Config struct {
	Store Store
	// Hosts are the names by which the server is called, without ports, and Port is
	// where it listens: tokens for them are for this server. Services are the full
	// names of its gRPC services.
	Hosts    []string
	Port     string
	Services []string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Issuer recognises the holders of the keys in a store: by API keys, by tokens that
// a service account has signed itself, and by access tokens that it had for one of
// those. It is safe for concurrent use.
type Issuer struct {
	ring    *ring
	origins origins
	now     func() time.Time
	known   *known
}

var _ auth.Authenticator = (*Issuer)(nil)

// New makes an Issuer. The store stays the caller's to close.
func New(c Config) *Issuer {
	if c.Now == nil {
		c.Now = time.Now
	}
	i := &Issuer{
		ring: &ring{store: c.Store, now: c.Now}, now: c.Now, known: newKnown(),
		origins: origins{port: c.Port, services: c.Services},
	}
	for _, host := range c.Hosts {
		i.origins.hosts = append(i.origins.hosts, strings.ToLower(strings.Trim(host, "[]")))
	}
	return i
}

const (
	// maxTokenBytes is the longest token that is looked at. Those of Google's
	// libraries have about 800 bytes.
	maxTokenBytes = 8 << 10
	// longestLife is from iat to exp, and skew how far the clocks of a client and of
	// the server may be apart.
	longestLife = time.Hour
	skew        = 5 * time.Minute
)

// Authenticate implements [auth.Authenticator].
func (i *Issuer) Authenticate(ctx context.Context, c auth.Credentials) (auth.Principal, error) {
	switch {
	case strings.HasPrefix(c.Bearer, apiKeyPrefix+"-"):
		// OpenAI's clients, Prometheus and others have no other place for it.
		return i.byAPIKey(ctx, c.Bearer, auth.Invalid())
	case c.Bearer != "":
		return i.byToken(ctx, c)
	case c.APIKey != "":
		return i.byAPIKey(ctx, c.APIKey, auth.InvalidAPIKey())
	}
	return auth.Principal{}, auth.ErrNotMine
}

func (i *Issuer) byAPIKey(ctx context.Context, key string, refused error) (auth.Principal, error) {
	id, secret, ok := splitAPIKey(key)
	if !ok {
		return auth.Principal{}, refused
	}
	now, err := i.ring.look(ctx, id)
	if err != nil {
		return auth.Principal{}, auth.Unknowable(err)
	}
	k, ok := now.find(id, i.now())
	if !ok || k.Kind != APIKey || !k.isSecret(secret) {
		return auth.Principal{}, refused
	}
	return k.Principal(), nil
}

// claims are those of self-signed tokens and of access tokens.
type claims struct {
	jwt.Claims
	Scope *string `json:"scope,omitempty"`
	// Key is the id of the key by which an access token was had.
	Key string `json:"key,omitempty"`
}

// accessKeyID is the kid of access tokens. Ids of keys are longer.
const accessKeyID = "access"

// algorithms are RS256 of service accounts, and HS256 of access tokens. Which of them a
// token must have is said by the kind of its key, never by the token.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.HS256}

func (i *Issuer) byToken(ctx context.Context, c auth.Credentials) (auth.Principal, error) {
	if len(c.Bearer) > maxTokenBytes {
		return auth.Principal{}, auth.ErrNotMine
	}
	sum := sha256.Sum256([]byte(c.Bearer))
	now := i.now()
	if t, ok := i.known.find(sum, now); ok {
		keys, err := i.ring.look(ctx, t.key)
		if err != nil {
			return auth.Principal{}, auth.Unknowable(err)
		}
		if k, ok := keys.find(t.key, now); ok {
			return t.holder(k, c)
		}
		return auth.Principal{}, auth.Invalid()
	}
	signed, err := jwt.ParseSigned(c.Bearer, algorithms)
	if err != nil {
		return auth.Principal{}, auth.ErrNotMine
	}
	keys, err := i.ring.look(ctx, namedKey(signed))
	if err != nil {
		return auth.Principal{}, auth.Unknowable(err)
	}
	k, t, err := i.verify(keys, signed, now)
	if err != nil {
		return auth.Principal{}, err
	}
	i.known.add(sum, t, now)
	return t.holder(k, c)
}

// holder is whose a verified token is, if it is for what is called.
func (t knownToken) holder(k held, c auth.Credentials) (auth.Principal, error) {
	if t.scopes != nil && !c.Within(*t.scopes) {
		return auth.Principal{}, auth.NarrowScope()
	}
	return k.Principal(), nil
}

// namedKey is the id of the key that a token names, which may not be true.
func namedKey(signed *jwt.JSONWebToken) string {
	id := signed.Headers[0].KeyID
	if id == accessKeyID {
		var c claims
		if signed.UnsafeClaimsWithoutVerification(&c) == nil {
			return c.Key
		}
	}
	return id
}

// verify is the key by which a token holds, and what of the token is remembered.
func (i *Issuer) verify(keys snapshot, signed *jwt.JSONWebToken, now time.Time) (held, knownToken, error) {
	k, c, err := i.holder(keys, signed, now)
	switch {
	case errors.Is(err, auth.ErrNotMine):
		return held{}, knownToken{}, err
	case err != nil:
		return held{}, knownToken{}, auth.Invalid().Because(err)
	}
	return k, knownToken{key: k.ID, scopes: c.Scope, until: c.Expiry.Time().Add(skew)}, nil
}

func (i *Issuer) holder(keys snapshot, signed *jwt.JSONWebToken, now time.Time) (held, claims, error) {
	var c claims
	header := signed.Headers[0]
	if header.KeyID == accessKeyID {
		switch {
		case len(keys.secret) != secretBytes: // there is no key yet, and none that is empty will do
			return held{}, c, auth.ErrNotMine
		case header.Algorithm != string(jose.HS256):
			return held{}, c, errAlgorithm
		}
		if err := signed.Claims(keys.secret, &c); err != nil {
			return held{}, c, err
		}
		k, ok := keys.find(c.Key, now)
		if !ok {
			return held{}, c, errors.New("the key of the access token has ended")
		}
		return k, c, inTime(c.Claims, now)
	}
	k, ok := keys.find(header.KeyID, now)
	switch {
	case !ok || k.Kind != ServiceAccount:
		return held{}, c, auth.ErrNotMine
	case header.Algorithm != string(jose.RS256):
		return held{}, c, errAlgorithm
	}
	if err := signed.Claims(k.public, &c); err != nil {
		return held{}, c, err
	}
	switch {
	case c.Issuer != k.Account || c.Subject != k.Account:
		return held{}, c, errors.New("the token's iss and sub are not the account whose key has signed it")
	case !i.origins.isFor(c.Audience, k.TokenURI):
		return held{}, c, errors.New("the token's aud is another server; `lectern serve --host NAME` names this one")
	}
	return k, c, inTime(c.Claims, now)
}

var errAlgorithm = errors.New("the token's alg is not that of its key")

// inTime reports whether a token has the two times that it must have, for no longer
// than is allowed, and now is between them.
func inTime(c jwt.Claims, now time.Time) error {
	if c.IssuedAt == nil || c.Expiry == nil {
		return errors.New("the token has no iat or no exp")
	}
	if life := c.Expiry.Time().Sub(c.IssuedAt.Time()); life <= 0 || life > longestLife {
		return errors.New("the token is not for an hour at most")
	}
	return c.ValidateWithLeeway(jwt.Expected{Time: now}, skew)
}
