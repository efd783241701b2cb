package gcs_test

import (
	"net/http/httptest"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/gcs"
)

// Each method as Google's reference has it: a token that is for reading does nothing
// else, and one for anything else of Google's nothing at all.
func TestScopes(t *testing.T) {
	const devstorage = "https://www.googleapis.com/auth/devstorage."
	for scope, c := range map[string]struct{ reads, writes bool }{
		auth.CloudPlatform:                      {true, true},
		devstorage + "full_control":             {true, true},
		devstorage + "read_write":               {true, true},
		"openid " + devstorage + "read_write":   {true, true},
		devstorage + "read_only":                {true, false},
		devstorage + "read":                     {},
		devstorage + "full_control.read_only":   {},
		"https://www.googleapis.com/auth/email": {},
		"":                                      {},
	} {
		for method, want := range map[string]bool{
			"GET": c.reads, "HEAD": c.reads, "POST": c.writes, "PUT": c.writes, "PATCH": c.writes, "DELETE": c.writes, "get": c.writes,
		} {
			r := httptest.NewRequest(method, "/storage/v1/b/books/o/a", nil)
			if got := (auth.Credentials{Scopes: gcs.Scopes(r)}).Within(scope); got != want {
				t.Errorf("%s with %q: %v", method, scope, got)
			}
		}
	}
}
