package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/lectern/lectern/server"
)

// TestPagesOfOtherOrigins sends what a browser does for a page, as the Fetch standard
// has it: the question before a request that is not simple, then the request.
func TestPagesOfOtherOrigins(t *testing.T) {
	w := start(t, func(cfg *server.Config) {
		cfg.Hosts = []string{"localhost"}
		cfg.Origins = []string{"https://app.example", "http://localhost:3000"}
		cfg.APIs = []server.API{{
			Patterns: []string{"/storage/v1/"}, Streams: true,
			Serve: func(w http.ResponseWriter, r *http.Request) error {
				w.Header().Set("Content-Range", "bytes 0-0/1")
				_, err := w.Write([]byte("x"))
				return err
			},
			Refuse: func(w http.ResponseWriter, _ error) { w.WriteHeader(http.StatusTeapot) },
		}}
	})
	const (
		host  = "Host: localhost:8085"
		app   = "Origin: https://app.example"
		cross = "Sec-Fetch-Site: cross-site"
	)
	for _, path := range []string{"/v1/text:synthesize", "/v1beta1/voices", "/v1/operations/x:cancel", "/v1/audio/speech", "/storage/v1/b/books/o/a%2Fb", "/nothing"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			got := w.visit(t, "OPTIONS", path, "", host, app, cross, "Access-Control-Request-Method: "+method,
				"Access-Control-Request-Headers: authorization,content-type,range,x-goog-api-client,x-goog-api-key,x-goog-request-params,x-goog-user-project", "Access-Control-Request-Private-Network: true")
			h := got.header
			if got.code != 204 || h.Get("Access-Control-Allow-Origin") != "https://app.example" || h.Get("Access-Control-Allow-Methods") != method || h.Get("Access-Control-Allow-Private-Network") != "true" || h.Get("Access-Control-Allow-Credentials") != "" || h.Get("Access-Control-Max-Age") == "" {
				t.Errorf("asked for %s %s: %d %v", method, path, got.code, h)
			}
			for _, header := range []string{"authorization", "x-goog-api-key", "x-goog-user-project", "x-goog-request-params", "x-goog-api-client", "range"} {
				if !strings.Contains(h.Get("Access-Control-Allow-Headers"), header) {
					t.Errorf("asked for %s %s: %s may not be sent: %v", method, path, header, h)
				}
			}
		}
	}
	const json = "Content-Type: application/json"
	for _, tt := range []struct {
		name, method, path string
		headers            []string
		code               int
		allowed            string // the origin that may read the answer
	}{
		{"speech", "POST", "/v1/text:synthesize", []string{host, app, cross, json}, 200, "https://app.example"},
		{"in capitals", "POST", "/v1/text:synthesize", []string{host, "Origin: HTTPS://APP.example", json}, 200, "HTTPS://APP.example"},
		{"another port's page", "POST", "/v1/text:synthesize", []string{host, "Origin: http://localhost:3000", "Sec-Fetch-Site: same-site", json}, 200, "http://localhost:3000"},
		{"an error", "GET", "/v1/nothing", []string{host, app}, 404, "https://app.example"},
		{"an object", "GET", "/storage/v1/b/x", []string{host, app, cross}, 200, "https://app.example"},
		{"text/plain, unasked", "POST", "/v1/text:synthesize", []string{host, app, cross, "Content-Type: text/plain"}, 200, "https://app.example"},
		{"no page", "GET", "/v1/voices", []string{host}, 200, ""},
		{"a page of the same name and another scheme", "POST", "/v1/text:synthesize", []string{host, "Origin: http://app.example", json}, 403, ""},
		{"a page of another port", "POST", "/v1/text:synthesize", []string{host, "Origin: https://app.example:444", json}, 403, ""},
		{"a page below", "POST", "/v1/text:synthesize", []string{host, "Origin: https://x.app.example", json}, 403, ""},
		{"a page that ends alike", "POST", "/v1/text:synthesize", []string{host, "Origin: https://evilapp.example", json}, 403, ""},
		{"a page of nowhere", "POST", "/v1/text:synthesize", []string{host, "Origin: null", json}, 403, ""},
		{"two origins", "POST", "/v1/text:synthesize", []string{host, app, "Origin: https://evil.example", json}, 403, ""},
		{"the page, rebound", "POST", "/v1/text:synthesize", []string{"Host: evil.example", app, json}, 403, ""},
		{"an own page with text/plain", "POST", "/v1/text:synthesize", []string{host, "Origin: http://localhost:8085", "Content-Type: text/plain"}, 400, ""},
	} {
		body := ""
		if tt.method == "POST" {
			body = `{"input":{"text":"a"}}`
		}
		got := w.visit(t, tt.method, tt.path, body, tt.headers...)
		if got.code != tt.code || got.header.Get("Access-Control-Allow-Origin") != tt.allowed {
			t.Errorf("%s: %d %v", tt.name, got.code, got.header)
		}
		if exposed := got.header.Get("Access-Control-Expose-Headers"); tt.allowed != "" && !(strings.Contains(exposed, "Content-Range") && strings.Contains(strings.ToLower(exposed), "x-request-id") && strings.Contains(exposed, "X-Goog-Hash")) {
			t.Errorf("%s: exposed are %q", tt.name, exposed)
		}
		if (got.code == 200 || tt.allowed != "") && !strings.Contains(got.header.Get("Vary"), "Origin") {
			t.Errorf("%s: a cache could hand it to another page: %v", tt.name, got.header)
		}
	}
	if got := w.visit(t, "OPTIONS", "/v1/text:synthesize", "", host, "Origin: https://evil.example", cross, "Access-Control-Request-Method: POST"); got.code != 403 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another page asks: %d %v", got.code, got.header)
	}
}

// Without origins nothing tells a browser that it may, and whoever answers to any name
// does not take a page for its own because it is called so.
func TestNoOriginsAndNoHosts(t *testing.T) {
	w := start(t)
	const json = "Content-Type: application/json"
	for _, tt := range []struct {
		name    string
		headers []string
		code    int
	}{
		{"a program, by any name", []string{"Host: speech.example:8085", json}, 200},
		{"rebound", []string{"Host: evil.example:8085", "Origin: http://evil.example:8085", "Sec-Fetch-Site: same-origin", json}, 403},
		{"rebound, older browser", []string{"Host: evil.example:8085", "Origin: http://evil.example:8085", json}, 403},
		{"rebound, without its origin", []string{"Host: evil.example:8085", "Sec-Fetch-Site: same-origin", json}, 403},
		{"an own page, by address", []string{"Host: 192.0.2.1:8085", "Origin: http://192.0.2.1:8085", "Sec-Fetch-Site: same-origin", json}, 200},
		{"a foreign page", []string{"Host: 192.0.2.1:8085", "Origin: https://evil.example", json}, 403},
	} {
		got := w.visit(t, "POST", "/v1/text:synthesize", `{"input":{"text":"a"}}`, tt.headers...)
		if got.code != tt.code {
			t.Errorf("%s: %d %s", tt.name, got.code, got.body)
		}
		for name := range got.header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %v", tt.name, got.header)
			}
		}
	}
	got := w.visit(t, "OPTIONS", "/v1/text:synthesize", "", "Host: 127.0.0.1", "Origin: https://app.example", "Access-Control-Request-Method: POST")
	if got.code/100 == 2 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a page asks: %d %v", got.code, got.header)
	}
}
