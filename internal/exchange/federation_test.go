package exchange_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/internal/exchange"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// issuer trusts one token, for ten minutes.
type issuer struct{}

func (issuer) Verify(_ context.Context, token string) (auth.Principal, time.Time, error) {
	switch token {
	case "holds":
		return auth.Principal{Name: "ann", Role: auth.Viewer}, noon.Add(10 * time.Minute), nil
	case "forged":
		return auth.Principal{}, time.Time{}, auth.Invalid().Because(errors.New("its signature"))
	case "without a role":
		return auth.Principal{}, noon.Add(time.Minute), auth.NoRole()
	case "early":
		return auth.Principal{}, time.Time{}, auth.Unknowable(errors.New("the issuer is down"))
	}
	return auth.Principal{}, time.Time{}, auth.ErrNotMine
}

func TestFederate(t *testing.T) {
	usual := func() url.Values { // as Google's libraries send it
		return url.Values{
			"grant_type":           {"urn:ietf:params:oauth:grant-type:token-exchange"},
			"audience":             {"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x"},
			"scope":                {"https://www.googleapis.com/auth/cloud-platform"},
			"requested_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
			"subject_token_type":   {"urn:ietf:params:oauth:token-type:jwt"},
			"subject_token":        {"holds"},
		}
	}
	for name, tc := range map[string]struct {
		change func(url.Values)
		status int
		answer string // the beginning
	}{
		"a token that holds":   {func(url.Values) {}, 200, `{"access_token":"holds","expires_in":600,"token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}`},
		"an ID token":          {func(f url.Values) { f.Set("subject_token_type", "urn:ietf:params:oauth:token-type:id_token") }, 200, `{"access_token":"holds"`},
		"no scope":             {func(f url.Values) { f.Del("scope") }, 200, `{"access_token":"holds"`},
		"a forged token":       {func(f url.Values) { f.Set("subject_token", "forged") }, 400, `{"error":"invalid_grant","error_description":"The subject_token does not hold`},
		"somebody else's":      {func(f url.Values) { f.Set("subject_token", "other") }, 400, `{"error":"invalid_grant","error_description":"The subject_token is no token of the issuer`},
		"no token":             {func(f url.Values) { f.Del("subject_token") }, 400, `{"error":"invalid_grant"`},
		"a token without role": {func(f url.Values) { f.Set("subject_token", "without a role") }, 400, `{"error":"invalid_grant","error_description":"The subject_token holds, and gives its bearer no role`},
		"an issuer away":       {func(f url.Values) { f.Set("subject_token", "early") }, 503, `{"error":"temporarily_unavailable"`},
		"another grant":        {func(f url.Values) { f.Set("grant_type", "password") }, 400, `{"error":"unsupported_grant_type"`},
		"Cloud Storage's scope": {func(f url.Values) {
			f.Set("scope", "https://www.googleapis.com/auth/devstorage.read_only https://www.googleapis.com/auth/devstorage.read_write")
		}, 200, `{"access_token":"holds"`},
		"another scope":  {func(f url.Values) { f.Set("scope", "openid") }, 400, `{"error":"invalid_scope"`},
		"AWS's requests": {func(f url.Values) { f.Set("subject_token_type", "urn:ietf:params:aws:token-type:aws4_request") }, 400, `{"error":"invalid_request"`},
		"a refresh token": {func(f url.Values) {
			f.Set("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
		}, 400, `{"error":"invalid_request"`},
	} {
		t.Run(name, func(t *testing.T) {
			form := usual()
			tc.change(form)
			r := httptest.NewRequest(http.MethodPost, "/v1/token", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			if err := exchange.Federate(issuer{}, func() time.Time { return noon })(w, r); err != nil {
				exchange.Refuse(w, err)
			}
			if got := w.Body.String(); w.Code != tc.status || !strings.HasPrefix(got, tc.answer) {
				t.Errorf("%d %s", w.Code, got)
			}
		})
	}
}
