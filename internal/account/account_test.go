package account_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/auth/credentials"

	"github.com/lectern/lectern/internal/account"
)

// Google's own library reads the file, signs, and takes the answer.
func TestGooglesLibraryTakesIt(t *testing.T) {
	server := httptest.NewServer(account.Tokens())
	defer server.Close()
	text, err := account.File("p1")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), account.TokenURL, server.URL+"/token", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := credentials.DetectDefault(&credentials.DetectOptions{CredentialsFile: file, Scopes: []string{"https://www.googleapis.com/auth/cloud-platform"}})
	if err != nil {
		t.Fatal(err)
	}
	if project, err := found.ProjectID(t.Context()); err != nil || project != "p1" {
		t.Errorf("project %q, %v", project, err)
	}
	token, err := found.Token(t.Context())
	if err != nil || token.Value == "" || !token.IsValid() {
		t.Errorf("%v, %v", token, err)
	}
}

func TestNothingElseIsAnswered(t *testing.T) {
	server := httptest.NewServer(account.Tokens())
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
