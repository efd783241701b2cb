package exchange_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/exchange"
)

// parrot gives the assertion back, but for two.
type parrot struct{}

func (parrot) Exchange(_ context.Context, grantType, assertion string) (keys.Token, error) {
	switch {
	case grantType != keys.GrantType:
		return keys.Token{}, keys.OAuthError{Code: "unsupported_grant_type", Description: "Invalid grant_type: " + grantType}
	case assertion == "down":
		return keys.Token{}, errors.New("the store of Mrs Smith is down")
	}
	return keys.Token{AccessToken: assertion, ExpiresIn: 3599, TokenType: "Bearer"}, nil
}

func TestServe(t *testing.T) {
	grant := "grant_type=" + strings.ReplaceAll(keys.GrantType, ":", "%3A")
	for _, c := range []struct {
		query, typ, body string
		status           int
		answer           string
	}{
		{"", "application/x-www-form-urlencoded", grant + "&assertion=a.b.c", 200, `{"access_token":"a.b.c","expires_in":3599,"token_type":"Bearer"}`},
		{"", "application/x-www-form-urlencoded; charset=UTF-8", "assertion=a.b.c&" + grant, 200, `{"access_token":"a.b.c","expires_in":3599,"token_type":"Bearer"}`},
		{"?" + grant + "&assertion=a.b.c", "application/x-www-form-urlencoded", "", 400, `{"error":"unsupported_grant_type","error_description":"Invalid grant_type: "}`},
		{"", "application/json", `{"assertion":"a.b.c"}`, 400, `{"error":"unsupported_grant_type","error_description":"Invalid grant_type: "}`},
		{"", "application/x-www-form-urlencoded", "assertion=%zz", 400, `{"error":"invalid_request","error_description":"Bad Request"}`},
		{"", "application/x-www-form-urlencoded", grant + "&assertion=down", 503, `{"error":"temporarily_unavailable","error_description":"Tokens cannot be given out at the moment. Try again later."}`},
	} {
		r := httptest.NewRequest("POST", "/token"+c.query, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.typ)
		w := httptest.NewRecorder()
		if err := exchange.Serve(parrot{})(w, r); err != nil {
			exchange.Refuse(w, err)
		}
		if got := strings.TrimSpace(w.Body.String()); w.Code != c.status || got != c.answer {
			t.Errorf("%s %s %s: %d %s", c.query, c.typ, c.body, w.Code, got)
		}
		if w.Header().Get("Cache-Control") != "no-store" || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%v", w.Header())
		}
	}
	if exchange.Pattern != http.MethodPost+" /token" {
		t.Error(exchange.Pattern)
	}
}
