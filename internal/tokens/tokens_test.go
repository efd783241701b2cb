package tokens_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/auth/credentials"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/tokens"
)

// Google's own library takes what is answered.
func TestGooglesLibraryTakesIt(t *testing.T) {
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

func TestNothingElseIsAnswered(t *testing.T) {
	server := httptest.NewServer(tokens.Handler())
	defer server.Close()
	for path, want := range map[string]int{"/token": 405, "/revoke": 404, "/": 404} {
		if resp, err := http.Get(server.URL + path); err != nil || resp.StatusCode != want {
			t.Errorf("GET %s: %v, %v", path, resp, err)
		}
	}
	resp, err := http.Post(server.URL+"/token", "text/plain", strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil || resp.StatusCode != 400 {
		t.Errorf("a megabyte of a question: %v, %v", resp, err)
	}
}
