package peers_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"cloud.google.com/go/auth/credentials"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/tokens"
)

// Google's own library takes what `lectern run` answers where nobody looks at tokens.
func TestGooglesLibraryTakesTokens(t *testing.T) {
	server := httptest.NewServer(tokens.Handler())
	defer server.Close()
	account, _, err := keys.NewServiceAccount(keys.Wish{Project: "p1", Role: auth.Operator, URL: server.URL}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(account)
	if err != nil {
		t.Fatal(err)
	}
	found, err := credentials.NewCredentialsFromJSON(credentials.ServiceAccount, file, &credentials.DetectOptions{Scopes: []string{"https://www.googleapis.com/auth/cloud-platform"}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := found.Token(t.Context())
	if err != nil || token.Value == "" || !token.IsValid() {
		t.Errorf("%v, %v", token, err)
	}
}
