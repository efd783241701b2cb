package server_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestPackedAnswers: what is asked by GET is packed for who takes it, if that is worth
// it, and the answer of who does not is the same unpacked; sound never is.
func TestPackedAnswers(t *testing.T) {
	w := start(t)
	const listed = "/v1/voices?languageCode=many"
	ask := func(method, path, body, accepted string) reply {
		t.Helper()
		// A header of the test's own keeps the client from unpacking.
		got := w.send(t, request{method, path, body, map[string]string{"Accept-Encoding": accepted}})
		if got.code != http.StatusOK && !strings.Contains(path, "nosuch") {
			t.Fatalf("%s %s: %d %s", method, path, got.code, got.body)
		}
		return got
	}
	plain := ask("GET", listed, "", "identity")
	if plain.header.Get("Content-Encoding") != "" || plain.header.Get("Vary") != "Accept-Encoding" || plain.header.Get("Content-Length") != fmt.Sprint(len(plain.body)) {
		t.Errorf("unpacked: %v", plain.header)
	}
	for _, accepted := range []string{"gzip", "gzip, deflate, br, zstd", "*;q=0.1, gzip;q=1"} {
		packed := ask("GET", listed, "", accepted)
		if packed.header.Get("Content-Encoding") != "gzip" || packed.header.Get("Vary") != "Accept-Encoding" || len(packed.body) > len(plain.body)/5 {
			t.Errorf("%s: %d bytes of %d, %v", accepted, len(packed.body), len(plain.body), packed.header)
		}
		if l := packed.header.Get("Content-Length"); l != "" && l != fmt.Sprint(len(packed.body)) {
			t.Errorf("%s: %d bytes are announced as %s", accepted, len(packed.body), l)
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(text, plain.body) {
			t.Errorf("%s: unpacked it has %d bytes, %v", accepted, len(text), err)
		}
	}
	for _, accepted := range []string{"", "gzip;q=0", "br", "gzipped"} {
		if got := ask("GET", listed, "", accepted); got.header.Get("Content-Encoding") != "" || !bytes.Equal(got.body, plain.body) {
			t.Errorf("%q: %d bytes, %v", accepted, len(got.body), got.header)
		}
	}
	if got := ask("GET", "/v1/nosuch", "", "gzip"); got.code != http.StatusNotFound || got.header.Get("Content-Encoding") != "" || got.failure(t).Status != "NOT_FOUND" {
		t.Errorf("an error: %d %v", got.code, got.header)
	}
	long := fmt.Sprintf(`{"input":{"text":%q}}`, strings.Repeat("a", 50_000))
	if got := ask("POST", "/v1/text:synthesize", long, "gzip"); got.header.Get("Content-Encoding") != "" || got.header.Get("Vary") != "" || len(got.body) < 50_000 {
		t.Errorf("sound: %d bytes, %v", len(got.body), got.header)
	}
}
