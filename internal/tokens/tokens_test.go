package tokens_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/tokens"
)

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
