package server_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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

// TestStreamingAPI: its bodies may be larger than any other, come while they are
// read, plain or zipped, and must keep up; it takes what it says it does, and nothing
// that others do.
func TestStreamingAPI(t *testing.T) {
	w := start(t, func(cfg *server.Config) {
		cfg.MaxBodyBytes = 100
		cfg.BodyGrace, cfg.BodyRate = 200*time.Millisecond, 1<<20
		cfg.APIs = []server.API{{
			Patterns: []string{"/objects/"},
			Takes: func(r *http.Request) bool {
				return strings.HasPrefix(r.URL.Path, "/v") && strings.HasSuffix(r.URL.Path, ".bin")
			},
			Streams: true,
			Serve: func(w http.ResponseWriter, r *http.Request) error {
				first := make([]byte, 1)
				if _, err := io.ReadFull(r.Body, first); err != nil {
					return err
				}
				rest, err := io.Copy(io.Discard, r.Body)
				if err == nil {
					_, err = fmt.Fprintf(w, "%s %d", first, rest)
				}
				return err
			},
			Refuse: func(w http.ResponseWriter, err error) {
				w.WriteHeader(http.StatusTeapot)
				_, _ = io.WriteString(w, fault.From(err).Public())
			},
		}}
	})
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(zip, strings.Repeat("z", 2_000_000))
	_ = zip.Close()
	for _, tt := range []struct {
		path, body, encoding string
		code                 int
		says                 string
	}{
		{"/objects/x", strings.Repeat("x", 3_000_000), "", 200, "x 2999999"},
		{"/v9/x.bin", "abc", "", 200, "a 2"},
		{"/objects/x", zipped.String(), "gzip", 200, "z 1999999"},
		{"/objects/x", "no gzip at all", "gzip", http.StatusTeapot, "could not be read"},
		{"/objects/x", "x", "br", http.StatusTeapot, `"br"`},
		{"/v1/other", "abc", "", 404, "Nothing is served"},
	} {
		got := w.send(t, request{method: "POST", path: tt.path, body: tt.body, header: map[string]string{"Content-Encoding": tt.encoding}})
		if got.code != tt.code || !strings.Contains(string(got.body), tt.says) {
			t.Errorf("%s %.10q as %q: %d %s", tt.path, tt.body, tt.encoding, got.code, got.body)
		}
	}
	slow, sends := io.Pipe()
	defer sends.Close()
	go func() { _, _ = io.WriteString(sends, "a few bytes and no more") }()
	resp, err := w.client.Post(w.url+"/objects/x", "audio/wav", slow)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusTeapot || !strings.Contains(string(body), "in time") {
		t.Errorf("one that does not go on: %d %s (%v)", resp.StatusCode, body, err)
	}
}
