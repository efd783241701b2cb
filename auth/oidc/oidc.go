// Package oidc knows callers by tokens of an OpenID Connect issuer: whose they are,
// for which projects, and in which role is said by their claims.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/lectern/lectern/auth"
)

// Config is whose tokens are accepted. Issuer and Audience are needed.
type Config struct {
	// Issuer is the URL that its tokens name as iss, at which its discovery document
	// is found.
	Issuer string
	// Audience must be among a token's aud.
	Audience string
	// The claims that hold a principal's name, projects and role: one value or a
	// list, inside of others by dots (resource_access.lectern.roles). Of several
	// roles the highest counts; words that are no roles of Lectern's do not. Empty:
	// sub, project and role.
	NameClaim, ProjectClaim, RoleClaim string
	// Scope is that which a token needs if it carries scopes (scope, or scp); instead,
	// it may have auth.CloudPlatform. Empty: that alone.
	Scope string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Check says what is wrong with c.
func (c Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("the issuer %q is not the URL of one, such as https://id.example", c.Issuer)
	case u.Scheme == "http" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" && u.Hostname() != "localhost":
		return fmt.Errorf("the issuer %s is asked for its keys, which anybody between could forge over http; it needs https", c.Issuer)
	case c.Audience == "":
		return errors.New("the audience is missing: what the issuer's tokens for this server have as aud")
	case strings.ContainsAny(c.Scope, " \t\n"):
		return fmt.Errorf("%q is not one scope", c.Scope)
	}
	return nil
}

const (
	// issuerTime is how long the issuer may take to answer, askAgain how long it is
	// left alone afterwards: who sends tokens that name unknown keys must not have
	// the server ask for them each time.
	issuerTime = 5 * time.Second
	askAgain   = 5 * time.Second
	// maxTokenBytes is the longest token that is looked at; those with many groups in
	// them are long.
	maxTokenBytes = 32 << 10
)

// algorithms are all that an issuer may sign with: those with public keys.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// Issuer authenticates by the tokens of one issuer, which it asks for its keys when
// it first needs them, and when a token names one that it does not know. It is safe
// for concurrent use.
type Issuer struct {
	config Config
	seldom *seldom
	client *http.Client

	mu      sync.Mutex
	told    *told // nil until the issuer has answered
	tried   time.Time
	failure error
}

var _ auth.Authenticator = (*Issuer)(nil)

// New makes an Issuer of a configuration that Check has passed.
func New(c Config) *Issuer {
	if c.Now == nil {
		c.Now = time.Now
	}
	for claim, usual := range map[*string]string{&c.NameClaim: "sub", &c.ProjectClaim: "project", &c.RoleClaim: "role"} {
		if *claim == "" {
			*claim = usual
		}
	}
	seldom := &seldom{now: c.Now, asked: map[string]asked{}}
	return &Issuer{config: c, seldom: seldom, client: &http.Client{Timeout: issuerTime, Transport: seldom}}
}

// Authenticate implements [auth.Authenticator].
func (i *Issuer) Authenticate(ctx context.Context, c auth.Credentials) (auth.Principal, error) {
	claims, _, err := i.verify(ctx, c.Bearer)
	if err != nil {
		return auth.Principal{}, err
	}
	p, err := i.principal(claims)
	if err != nil {
		return auth.Principal{}, err
	}
	c.Scopes = append(slices.Clone(c.Scopes), i.config.Scope)
	if scopes, carried := scopesOf(claims); carried && !c.Within(scopes) {
		return auth.Principal{}, auth.NarrowScope().Because(fmt.Errorf("the token of %s has the scopes %q", p.Name, scopes))
	}
	return p, nil
}

// Verify returns whose a token is, and until when it holds. What its scopes are for is
// looked at where it is used.
func (i *Issuer) Verify(ctx context.Context, token string) (auth.Principal, time.Time, error) {
	claims, until, err := i.verify(ctx, token)
	if err != nil {
		return auth.Principal{}, time.Time{}, err
	}
	p, err := i.principal(claims)
	return p, until, err
}

// verify returns the claims of a token that holds, and until when it does.
func (i *Issuer) verify(ctx context.Context, token string) (claims map[string]any, until time.Time, err error) {
	if token == "" || len(token) > maxTokenBytes || !i.names(token) {
		return nil, time.Time{}, auth.ErrNotMine
	}
	told, err := i.discover()
	if err != nil {
		return nil, time.Time{}, auth.Unknowable(err)
	}
	ctx, cancel := context.WithTimeout(ctx, issuerTime)
	defer cancel()
	signature := &signature{keys: told.keys, told: i.seldom.told}
	verified, err := oidc.NewVerifier(i.config.Issuer, signature, told.config).Verify(ctx, token)
	switch {
	case signature.unknowable():
		return nil, time.Time{}, auth.Unknowable(signature.failure)
	case err != nil:
		return nil, time.Time{}, auth.Invalid().Because(err)
	}
	if err := verified.Claims(&claims); err != nil {
		return nil, time.Time{}, auth.Invalid().Because(err)
	}
	return claims, verified.Expiry, nil
}

// names reports whether a token says that it is the issuer's. That it is true is
// found out by its signature.
func (i *Issuer) names(token string) bool {
	signed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return false
	}
	var c jwt.Claims
	return signed.UnsafeClaimsWithoutVerification(&c) == nil && c.Issuer == i.config.Issuer
}

// discover returns what the issuer's discovery document tells.
func (i *Issuer) discover() (*told, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.told != nil || i.failure != nil && i.config.Now().Sub(i.tried) < askAgain {
		return i.told, i.failure
	}
	i.tried = i.config.Now()
	i.told, i.failure = i.ask()
	return i.told, i.failure
}

// principal is whom the claims of a verified token name.
func (i *Issuer) principal(claims map[string]any) (auth.Principal, error) {
	name := words(claims, i.config.NameClaim)
	if len(name) != 1 || name[0] == "" {
		return auth.Principal{}, auth.Invalid().Because(fmt.Errorf("the token's claim %s is no name", i.config.NameClaim))
	}
	p := auth.Principal{Name: name[0], Projects: words(claims, i.config.ProjectClaim)}
	for _, word := range words(claims, i.config.RoleClaim) {
		if role, err := auth.ParseRole(word); err == nil && role > p.Role {
			p.Role = role
		}
	}
	switch {
	case p.Role == auth.None:
		return auth.Principal{}, auth.NoRole().Because(fmt.Errorf("the token of %s has no role in its claim %s", p.Name, i.config.RoleClaim))
	case p.Role == auth.Admin:
		p.Projects = []string{auth.AllProjects}
	}
	return p, nil
}

// scopesOf are the scopes that a token carries, parted by spaces, if it carries any: in
// the claim of RFC 8693, or in the one of other issuers.
func scopesOf(claims map[string]any) (scopes string, carried bool) {
	for _, claim := range []string{"scope", "scp"} {
		if _, ok := claims[claim]; ok {
			scopes, carried = scopes+" "+strings.Join(words(claims, claim), " "), true
		}
	}
	return strings.TrimSpace(scopes), carried
}

// words is the text, or the texts, of a claim.
func words(claims map[string]any, path string) []string {
	var value any = claims
	if whole, ok := claims[path]; ok { // its own name may have dots
		value = whole
	} else {
		for step := range strings.SplitSeq(path, ".") {
			inner, _ := value.(map[string]any)
			value = inner[step]
		}
	}
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			if word, ok := one.(string); ok {
				all = append(all, word)
			}
		}
		return all
	}
	return nil
}
