package client_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/outputs"
	"github.com/lectern/lectern/ttsapi/client"
)

// dialAny connects to a server of HTTP that knows no gRPC beyond its connection.
func dialAny(t *testing.T, serve http.HandlerFunc) *client.Client {
	t.Helper()
	s := httptest.NewUnstartedServer(serve)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	c, err := client.Dial(t.Context(), s.Listener.Addr().(*net.TCPAddr).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestDownloadIsChecked(t *testing.T) {
	const sum = "yZRlqg==" // CRC32C of "hello world"
	for name, tt := range map[string]struct {
		body, hash string
		length     string
		code       fault.Code
	}{
		"as it was":      {"hello world", "crc32c=" + sum + ",md5=x", "", 0},
		"of no sum":      {"hello world", "", "", 0},
		"another":        {"hello xorld", "crc32c=" + sum, "", fault.DataLoss},
		"a part of it":   {"hello", "crc32c=" + sum, "11", fault.Unavailable},
		"nothing at all": {"", "crc32c=AAAAAA==", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := dialAny(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.EscapedPath() != "/storage/v1/b/books/o/a%2F%C3%89t%C3%A9%20%23%3F.wav" || r.URL.RawQuery != "alt=media" {
					t.Errorf("asked for %s?%s", r.URL.EscapedPath(), r.URL.RawQuery)
				}
				w.Header().Set("X-Goog-Hash", tt.hash)
				if tt.length != "" {
					w.Header().Set("Content-Length", tt.length)
				}
				_, _ = io.WriteString(w, tt.body)
			})
			d, err := c.Download(t.Context(), "gs://books/a/Été #?.wav")
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			got, err := io.ReadAll(d)
			if string(got) != tt.body || tt.code == 0 && err != nil || tt.code != 0 && !fault.Is(err, tt.code) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestUploadIsChecked(t *testing.T) {
	for _, tt := range []struct {
		sum  string
		size int64
		code fault.Code
	}{{"yZRlqg==", 11, 0}, {"yZRlqg==", -1, 0}, {"AAAAAA==", 11, fault.DataLoss}} {
		c := dialAny(t, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || string(body) != "hello world" || r.FormValue("name") != "a/b c.txt" || r.ContentLength != tt.size {
				t.Errorf("%q of %d, %s, %v", body, r.ContentLength, r.URL, err)
			}
			_, _ = io.WriteString(w, `{"crc32c":"`+tt.sum+`"}`)
		})
		err := c.Upload(t.Context(), "gs://books/a/b c.txt", bytes.NewReader([]byte("hello world")), tt.size)
		if tt.code == 0 && err != nil || tt.code != 0 && !fault.Is(err, tt.code) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// Errors are the server's sentences, whatever answers.
func TestRefusalsOverHTTP(t *testing.T) {
	for status, code := range map[int]fault.Code{404: fault.NotFound, 409: fault.FailedPrecondition, 503: fault.Unavailable, 500: fault.Internal, 418: fault.Internal} {
		for body, says := range map[string]string{`{"error":{"message":"That is wrong."}}`: "That is wrong.", "<html>": "status"} {
			c := dialAny(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			})
			_, err := c.Download(t.Context(), "gs://books/a")
			if !fault.Is(err, code) || !strings.Contains(err.Error(), says) {
				t.Errorf("%d %s: %v", status, body, err)
			}
		}
	}
	c := dialAny(t, func(http.ResponseWriter, *http.Request) { t.Error("asked for what has no name") })
	for _, uri := range []string{"books/a", "gs://books", "gs://books/", "gs:///a"} {
		if _, err := c.Download(t.Context(), uri); !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// Another server than Lectern knows nothing of what operations write.
func TestOutputs(t *testing.T) {
	c := dialAny(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.URL.Path, outputs.Pattern):
			t.Errorf("asked for %s", r.URL.Path)
		case strings.HasSuffix(r.URL.Path, "/operations/known"):
			_, _ = io.WriteString(w, `{"name":"n","output":"gs://books/a","path":"/srv/a"}`)
		case r.URL.Path == outputs.Pattern+"projects/p/locations/l/operations" && r.URL.RawQuery == "filter=done%3Dtrue&pageSize=5&pageToken=t":
			_, _ = io.WriteString(w, `{"operations":[{"name":"n","output":"gs://books/a"},{"name":"m"}]}`)
		default:
			http.NotFound(w, r)
		}
	})
	if got, err := c.Output(t.Context(), "operations/known"); err != nil || got != (client.Output{URI: "gs://books/a", Path: "/srv/a"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := c.Output(t.Context(), "operations/other"); err != nil || got != (client.Output{}) {
		t.Errorf("%+v, %v", got, err)
	}
	done := true
	got, err := c.Outputs(t.Context(), client.Query{Parent: "projects/p/locations/l", Done: &done, PageSize: 5, PageToken: "t"})
	if err != nil || got["n"].URI != "gs://books/a" || got["m"] != (client.Output{}) || len(got) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := c.Outputs(t.Context(), client.Query{}); err != nil || len(got) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
