// Package exchange serves the token endpoint of service accounts: an assertion that
// is signed by the account's key for an access token (RFC 7523).
package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/fault"
)

// Pattern is where it is served, as http.ServeMux has it.
const Pattern = "POST " + keys.TokenPath

// Issuer gives out access tokens: a keys.Issuer.
type Issuer interface {
	Exchange(ctx context.Context, grantType, assertion string) (keys.Token, error)
}

// Serve returns the handler of requests, whose bodies must be bounded. Its errors are
// for Refuse.
func Serve(i Issuer) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return refusal{keys.OAuthError{Code: "invalid_request", Description: "Bad Request"}}
		}
		// Of the body alone: what stands in a URL is written down in too many places.
		token, err := i.Exchange(r.Context(), r.PostForm.Get("grant_type"), r.PostForm.Get("assertion"))
		var refused keys.OAuthError
		switch {
		case errors.As(err, &refused):
			return refusal{refused}
		case err != nil:
			return auth.Unknowable(err)
		}
		write(w, http.StatusOK, token)
		return nil
	}
}

// refusal is an error of the client's, which is nothing for the server's log.
type refusal struct{ keys.OAuthError }

func (r refusal) Unwrap() error { return fault.New(fault.InvalidArgument, "%s", r.Description) }

// Refuse answers with err, as OAuth has it.
func Refuse(w http.ResponseWriter, err error) {
	var refused refusal
	switch {
	case errors.As(err, &refused):
		write(w, http.StatusBadRequest, refused.OAuthError)
	case fault.Is(err, fault.InvalidArgument), fault.Is(err, fault.PermissionDenied):
		write(w, http.StatusBadRequest, keys.OAuthError{Code: "invalid_request", Description: fault.From(err).Public()})
	default:
		write(w, http.StatusServiceUnavailable, keys.OAuthError{Code: "temporarily_unavailable", Description: "Tokens cannot be given out at the moment. Try again later."})
	}
}

func write(w http.ResponseWriter, status int, answer any) {
	body, _ := json.Marshal(answer) // texts and numbers: it cannot fail
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
