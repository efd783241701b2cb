package server_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/server"
)

// TestAPI: what Serve returns, what the guards refuse and what panics are answers in
// the API's own form; what goes wrong after the first byte is no whole answer.
func TestAPI(t *testing.T) {
	w := start(t, func(cfg *server.Config) {
		cfg.MaxBodyBytes = 100
		cfg.Hosts = []string{"127.0.0.1"}
		cfg.APIs = []server.API{{
			Patterns: []string{"/v1/other/"},
			Serve: func(w http.ResponseWriter, r *http.Request) error {
				switch r.URL.Path {
				case "/v1/other/echo":
					body, err := io.ReadAll(r.Body)
					if err == nil {
						_, err = w.Write(body)
					}
					return err
				case "/v1/other/late":
					_, _ = io.WriteString(w, "half")
					_ = http.NewResponseController(w).Flush()
					return errors.New("secret")
				case "/v1/other/panic":
					panic("secret")
				case "/v1/other/internal":
					return errors.New("secret")
				}
				return fault.Invalid("field", "wrong")
			},
			Refuse: func(w http.ResponseWriter, err error) {
				w.WriteHeader(http.StatusTeapot)
				_, _ = io.WriteString(w, "other: "+fault.From(err).Public())
			},
		}}
	})
	if got := w.send(t, request{method: "POST", path: "/v1/other/echo", body: "hello"}); got.code != 200 || string(got.body) != "hello" {
		t.Errorf("echo: %d %s", got.code, got.body)
	}
	for path, says := range map[string]string{"/v1/other/wrong": "other: field: wrong", "/v1/other/internal": "other: ", "/v1/other/panic": "other: "} {
		if got := w.send(t, request{method: "GET", path: path}); got.code != http.StatusTeapot || !strings.HasPrefix(string(got.body), says) || strings.Contains(string(got.body), "secret") {
			t.Errorf("%s: %d %s", path, got.code, got.body)
		}
	}
	if got := w.send(t, request{method: "POST", path: "/v1/other/echo", body: strings.Repeat("x", 101)}); got.code != http.StatusTeapot || !strings.Contains(string(got.body), "100 bytes") {
		t.Errorf("a body too large: %d %s", got.code, got.body)
	}
	resp, err := w.client.Get(w.url + "/v1/other/late")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != "half" {
		t.Errorf("late: %q, %v", body, err)
	}
	// Web pages of other sites are kept out of it as of everything.
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.url+"/v1/other/echo", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://elsewhere.example")
	req.Header.Set("Content-Type", "application/json")
	if resp, err = w.client.Do(req); err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site: %d", resp.StatusCode)
	}
}
