package keys

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Token is the answer of an exchange, as OAuth has it.
type Token struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"` // seconds
	TokenType   string `json:"token_type"`
}

// OAuthError is why there was no exchange, as OAuth has it.
type OAuthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

// Error implements error.
func (e OAuthError) Error() string { return e.Code + ": " + e.Description }

// GrantType is that of the one exchange that is served.
const GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Exchange gives an access token for an assertion that a service account has
// signed. Errors are an OAuthError (contract 7.6), or a store's when the keys
// cannot be known at the moment.
func (i *Issuer) Exchange(ctx context.Context, grantType, assertion string) (Token, error) {
	if grantType != GrantType {
		return Token{}, OAuthError{"unsupported_grant_type", "Invalid grant_type: " + shown(grantType)}
	}
	if len(assertion) > maxTokenBytes {
		return Token{}, OAuthError{"invalid_request", "Bad Request"}
	}
	signed, err := jwt.ParseSigned(assertion, []jose.SignatureAlgorithm{jose.RS256})
	var algorithm *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &algorithm):
		return Token{}, OAuthError{"invalid_grant", "Invalid JWT Signature."}
	case err != nil:
		return Token{}, OAuthError{"invalid_request", "Bad Request"}
	}
	keys, err := i.ring.look(ctx, namedKey(signed))
	if err != nil {
		return Token{}, err
	}
	now := i.now()
	k, c, err := i.asserted(keys, signed, now)
	if err != nil {
		return Token{}, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: keys.secret}, (&jose.SignerOptions{}).WithHeader("kid", accessKeyID))
	if err != nil {
		return Token{}, err
	}
	token, err := jwt.Signed(signer).Claims(claims{
		Claims: jwt.Claims{Subject: k.Account, IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(longestLife))},
		Scope:  c.Scope, Key: k.ID,
	}).Serialize()
	return Token{AccessToken: token, ExpiresIn: int((longestLife - time.Second).Seconds()), TokenType: "Bearer"}, err
}

// asserted is the key of an assertion. It looks in the order in which the
// platform's own exchange does.
func (i *Issuer) asserted(keys snapshot, signed *jwt.JSONWebToken, now time.Time) (held, claims, error) {
	var c claims
	grant := func(why string) (held, claims, error) { return held{}, c, OAuthError{"invalid_grant", why} }
	k, ok := keys.find(signed.Headers[0].KeyID, now)
	if !ok || k.Kind != ServiceAccount {
		if err := signed.UnsafeClaimsWithoutVerification(&c); err == nil && !keys.hasAccount(c.Issuer) {
			return grant("Invalid grant: account not found")
		}
		return grant("Invalid JWT Signature.")
	}
	if err := signed.Claims(k.public, &c); err != nil {
		return grant("Invalid JWT Signature.")
	}
	switch {
	case c.Issuer != k.Account || c.Subject != "" && c.Subject != k.Account:
		return grant("Invalid grant: account not found")
	case inTime(c.Claims, now) != nil:
		return grant("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
	case c.Scope == nil || *c.Scope == "":
		return held{}, c, OAuthError{"invalid_scope", "Invalid OAuth scope or ID token audience provided."}
	case !i.origins.isExchange(c.Audience, k.TokenURI):
		return grant("Invalid JWT: Failed audience check.")
	}
	return k, c, nil
}

// hasAccount reports whether any key is of this account.
func (s snapshot) hasAccount(account string) bool {
	for _, k := range s.keys {
		if k.Kind == ServiceAccount && k.Account == account {
			return true
		}
	}
	return false
}

// shown shortens what a stranger sent.
func shown(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most]
	}
	return s
}
