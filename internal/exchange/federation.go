package exchange

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/fault"
)

// FederationPattern is where tokens of another issuer are exchanged (RFC 8693), at the
// path of Google's own service, as http.ServeMux has it.
const FederationPattern = "POST /v1/token"

// The words of RFC 8693 that Google's libraries send for an external account.
const (
	federationGrant = "urn:ietf:params:oauth:grant-type:token-exchange"
	accessTokenType = "urn:ietf:params:oauth:token-type:access_token"
	jwtType         = "urn:ietf:params:oauth:token-type:jwt"
	idTokenType     = "urn:ietf:params:oauth:token-type:id_token"
)

// Verifier knows the tokens of an issuer that the server trusts: an oidc.Issuer.
type Verifier interface {
	// Verify returns whose token it is, and until when it holds. Its errors are those
	// of an [auth.Authenticator].
	Verify(ctx context.Context, token string) (auth.Principal, time.Time, error)
}

// federated is the answer of a token exchange.
type federated struct {
	keys.Token
	Issued string `json:"issued_token_type"`
}

// Federate returns the handler of exchanges for Google's libraries with an external
// account. What it gives for a token that holds is that token: the server takes it as
// it is, so that nothing outlives what the issuer has said. Bodies must be bounded. Its
// errors are for Refuse.
func Federate(v Verifier, now func() time.Time) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return refusal{keys.OAuthError{Code: "invalid_request", Description: "Bad Request"}}
		}
		// Of the body alone: what stands in a URL is written down in too many places.
		form := r.PostForm
		if err := asksForAccess(form.Get); err != nil {
			return err
		}
		token := form.Get("subject_token")
		_, until, err := v.Verify(r.Context(), token)
		switch {
		case errors.Is(err, auth.ErrNotMine):
			return refusal{keys.OAuthError{Code: "invalid_grant", Description: "The subject_token is no token of the issuer that this server trusts (--oidc-issuer)."}}
		case fault.Is(err, fault.Unavailable):
			return err
		case fault.Is(err, fault.PermissionDenied):
			return refusal{keys.OAuthError{Code: "invalid_grant", Description: "The subject_token holds, and gives its bearer no role on this server (--oidc-role-claim)."}}
		case err != nil:
			return refusal{keys.OAuthError{Code: "invalid_grant", Description: "The subject_token does not hold: it has ended, or its issuer has not signed it for this server (--oidc-audience)."}}
		}
		left := int(until.Sub(now()).Seconds())
		write(w, http.StatusOK, federated{keys.Token{AccessToken: token, ExpiresIn: max(left, 0), TokenType: "Bearer"}, accessTokenType})
		return nil
	}
}

// asksForAccess says what is wrong with a request for an exchange, but for its token.
func asksForAccess(field func(string) string) error {
	refuse := func(code, why string) error { return refusal{keys.OAuthError{Code: code, Description: why}} }
	if grant := field("grant_type"); grant != federationGrant {
		return refuse("unsupported_grant_type", "The grant_type must be "+federationGrant+"; service accounts exchange at "+keys.TokenPath+".")
	}
	if wanted := field("requested_token_type"); wanted != "" && wanted != accessTokenType {
		return refuse("invalid_request", "The requested_token_type must be "+accessTokenType+".")
	}
	if of := field("subject_token_type"); of != jwtType && of != idTokenType {
		return refuse("invalid_request", "The subject_token_type must be "+jwtType+" or "+idTokenType+".")
	}
	if scope := field("scope"); scope != "" && !slices.ContainsFunc(strings.Fields(scope), isOurs) {
		return refuse("invalid_scope", "The scope must include "+auth.CloudPlatform+", or one of Cloud Storage.")
	}
	return nil
}

// isOurs reports whether a scope is of something that the server has.
func isOurs(scope string) bool {
	return scope == auth.CloudPlatform || strings.HasPrefix(scope, "https://www.googleapis.com/auth/devstorage.")
}
