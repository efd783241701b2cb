package gcs_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/gcs"
)

// FuzzServe: whatever is asked for, the answer is no fault of the server's, and nothing
// is read or written but objects.
func FuzzServe(f *testing.F) {
	for _, path := range []string{
		"/storage/v1/b/books/o/a.txt?alt=media", "/storage/v1/b/books/o?prefix=a&delimiter=/&maxResults=1", "/storage/v1/b?pageToken=YQ",
		"/download/storage/v1/b/books/o/..%2f..%2fsecret?alt=media", "/upload/storage/v1/b/books/o?uploadType=multipart&name=x%00", "/b/books", "/books/a.txt", "/b", "/storage/v1/",
	} {
		f.Add("GET", path, "bytes=0-1", "body")
		f.Add("POST", path, "bytes 0-3/4", `{"name":"books"}`)
	}
	dir := f.TempDir()
	files, err := file.Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("the secret"), 0o600); err != nil {
		f.Fatal(err)
	}
	buckets := bucket.New(bucket.Config{All: files, Scratch: files.Scratch()})
	api := gcs.New(gcs.Config{Buckets: buckets, Room: func() error { return nil }})
	f.Cleanup(func() {
		api.Close()
		buckets.Close()
	})
	f.Fuzz(func(t *testing.T, method, target, span, body string) {
		at, err := url.ParseRequestURI(target)
		if err != nil || method == "" || at.Path == "" {
			return
		}
		r := httptest.NewRequest("GET", "/", strings.NewReader(body))
		r.Method, r.URL = method, at
		r.Header = http.Header{"Range": {span}, "Content-Range": {span}, "Content-Type": {"multipart/related; boundary=" + span}}
		w := httptest.NewRecorder()
		if err := api.Serve(w, r); err != nil {
			gcs.Refuse(w, err)
		}
		if w.Code == http.StatusInternalServerError || strings.Contains(w.Body.String(), "the secret") {
			t.Errorf("%s %s: %d %s", method, target, w.Code, w.Body)
		}
		if b, err := os.ReadFile(secret); string(b) != "the secret" {
			t.Errorf("%s %s has changed another file: %q, %v", method, target, b, err)
		}
	})
}
