package gcs_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// media are the paths by which an object's bytes can be had.
func media(name string) []string {
	return []string{
		"/storage/v1/b/books/o/" + name + "?alt=media", "/download/storage/v1/b/books/o/" + name + "?alt=media",
		"/b/books/o/" + name + "?alt=media", "/books/" + strings.ReplaceAll(name, "%2F", "/"),
	}
}

func TestMedia(t *testing.T) {
	p := start(t)
	p.put(t, "a%2Fx.wav", "0123456789")
	tag := p.send(t, "GET", media("a%2Fx.wav")[0], "").header.Get("Etag")
	for _, path := range media("a%2Fx.wav") {
		for _, tt := range []struct {
			method  string
			headers []string
			code    int
			body    string
			span    string
		}{
			{"GET", nil, 200, "0123456789", ""},
			{"HEAD", nil, 200, "", ""},
			{"GET", []string{"Range", "bytes=2-4"}, 206, "234", "bytes 2-4/10"},
			{"GET", []string{"Range", "bytes=8-"}, 206, "89", "bytes 8-9/10"},
			{"GET", []string{"Range", "bytes=8-100"}, 206, "89", "bytes 8-9/10"},
			{"GET", []string{"Range", "bytes=-3"}, 206, "789", "bytes 7-9/10"},
			{"GET", []string{"Range", "bytes=-30"}, 206, "0123456789", "bytes 0-9/10"},
			{"GET", []string{"Range", "bytes=10-"}, 416, "", "bytes */10"},
			{"GET", []string{"Range", "bytes=2-4", "If-Range", tag}, 206, "234", "bytes 2-4/10"},
			{"GET", []string{"Range", "bytes=2-4", "If-Range", `"other"`}, 200, "0123456789", ""},
			{"GET", []string{"If-None-Match", tag}, 304, "", ""},
			{"GET", []string{"If-Match", `"other"`}, 412, "", ""},
			{"GET", []string{"If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"}, 304, "", ""},
		} {
			got := p.send(t, tt.method, path, "", tt.headers...)
			if got.code != tt.code || tt.code < 300 && got.body != tt.body || got.header.Get("Content-Range") != tt.span {
				t.Errorf("%s %s %q: %d %q %v", tt.method, path, tt.headers, got.code, got.body, got.header)
			}
			if tt.code == 416 && got.reason(t) != "requestedRangeNotSatisfiable" {
				t.Errorf("%s: %s", path, got.body)
			}
			if tt.code == 200 && (got.header.Get("X-Goog-Hash") == "" || got.header.Get("Content-Type") != "audio/wav" || got.header.Get("Content-Length") != "10" || got.header.Get("X-Goog-Generation") == "") {
				t.Errorf("%s: %v", path, got.header)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	p := start(t)
	p.put(t, "a.wav", "sound")
	if err := os.WriteFile(filepath.Join(filepath.Dir(p.staging), "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path, body string
		code               int
		reason             string
	}{
		{"GET", "/storage/v1/b/books/o/b.wav", "", 404, "notFound"},
		{"GET", "/storage/v1/b/books/o/b.wav?alt=media", "", 404, "notFound"},
		{"GET", "/books/b.wav", "", 404, "notFound"},
		{"GET", "/storage/v1/b/nosuch", "", 404, "notFound"},
		{"GET", "/storage/v1/b/nosuch/o", "", 404, "notFound"},
		{"DELETE", "/storage/v1/b/nosuch", "", 404, "notFound"},
		{"DELETE", "/storage/v1/b/books", "", 409, "conflict"},
		{"POST", "/storage/v1/b", `{"name":"books"}`, 409, "conflict"},
		{"POST", "/storage/v1/b", `{"name":"Books"}`, 400, "invalid"},
		{"POST", "/storage/v1/b", `{"name":"../x"}`, 400, "invalid"},
		{"POST", "/storage/v1/b", `{`, 400, "invalid"},
		{"POST", "/storage/v1/b", strings.Repeat(" ", 2<<20), 400, "invalid"},
		{"GET", "/storage/v1/b/books/o/a.wav?ifGenerationMatch=1", "", 412, "conditionNotMet"},
		{"GET", "/storage/v1/b/books/o/a.wav?ifGenerationMatch=x", "", 400, "invalid"},
		{"DELETE", "/storage/v1/b/books/o/a.wav?ifGenerationMatch=1", "", 412, "conditionNotMet"},
		{"GET", "/storage/v1/b/books/o/a.wav?generation=1", "", 404, "notFound"},
		{"GET", "/storage/v1/b/books/o?delimiter=x", "", 400, "invalid"},
		{"GET", "/storage/v1/b/books/o?pageToken=%21", "", 400, "invalid"},
		{"GET", "/storage/v1/b/books/o?maxResults=-1", "", 400, "invalid"},
		{"GET", "/storage/v1/b/books/o?matchGlob=*", "", 400, "invalid"},
		{"PATCH", "/storage/v1/b/books/o/a.wav", "{}", 501, "notImplemented"},
		{"GET", "/storage/v1/b/books/iam", "", 501, "notImplemented"},
		{"GET", "/storage/v1/projects/p/serviceAccount", "", 501, "notImplemented"},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=media", "x", 400, "invalid"},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=other&name=x", "x", 400, "invalid"},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=multipart&name=x", "x", 400, "invalid"},
		{"PUT", "/upload/storage/v1/b/books/o?uploadType=resumable&upload_id=x", "x", 404, "notFound"},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=media&name=a.wav%2Fb", "x", 409, "conflict"},
		// No name leads out of the buckets.
		{"GET", "/storage/v1/b/books/o/..%2F..%2Fsecret", "", 404, ""},
		{"GET", "/storage/v1/b/..%2F/o/secret", "", 404, ""},
		{"GET", "/storage/v1/b/books/o/%2E%2E%2F%2E%2E%2Fsecret", "", 404, ""},
		{"GET", "/storage/v1/b/books/o/..%5C..%5Csecret?alt=media", "", 404, "notFound"},
		{"GET", "/storage/v1/b/books/o/a%00b?alt=media", "", 404, "notFound"},
		{"GET", "/books/..%2F..%2Fsecret", "", 404, ""},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=media&name=..%2F..%2Fsecret", "x", 400, "invalid"},
		{"POST", "/upload/storage/v1/b/..%2Fx/o?uploadType=media&name=x", "x", 404, ""},
		{"GET", "/storage/v1/b/books/o?prefix=..%2F", "", 200, ""},
	} {
		got := p.send(t, tt.method, tt.path, tt.body)
		if got.code != tt.code || tt.reason != "" && got.reason(t) != tt.reason || strings.Contains(got.body, `"items"`) {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, got.code, got.body)
		}
	}
	if b, err := os.ReadFile(filepath.Join(filepath.Dir(p.staging), "secret")); string(b) != "secret" {
		t.Errorf("the secret is %q (%v)", b, err)
	}
}

// Who may do what is asked of every request, before anything is told.
func TestRoles(t *testing.T) {
	p := start(t)
	p.put(t, "a.wav", "sound")
	requests := [][2]string{
		{"GET", "/storage/v1/b"}, {"GET", "/storage/v1/b/books"}, {"GET", "/storage/v1/b/books/o"}, {"GET", "/storage/v1/b/books/o/a.wav"},
		{"GET", "/storage/v1/b/books/o/nosuch"}, {"POST", "/storage/v1/b"}, {"DELETE", "/storage/v1/b/books"}, {"DELETE", "/storage/v1/b/books/o/a.wav"},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=media&name=b.wav"}, {"POST", "/upload/storage/v1/b/books/o?uploadType=resumable&name=b.wav"},
		{"PUT", "/upload/storage/v1/b/books/o?uploadType=resumable&upload_id=x"},
	}
	for _, path := range media("a.wav") {
		requests = append(requests, [2]string{"GET", path})
	}
	for role, code := range map[auth.Role]int{auth.None: 401, auth.Viewer: 403, auth.Speaker: 403} {
		p.caller = auth.Principal{Name: "somebody", Projects: []string{auth.AllProjects}, Role: role}
		for _, r := range requests {
			if got := p.send(t, r[0], r[1], "{}"); got.code != code || strings.Contains(got.body, "sound") {
				t.Errorf("role %d, %s %s: %d %s", role, r[0], r[1], got.code, got.body)
			}
		}
	}
	p.caller.Role = auth.Operator
	if got := p.send(t, "GET", media("a.wav")[0], ""); got.body != "sound" {
		t.Errorf("an operator gets %d %s", got.code, got.body)
	}
}

// A sender that breaks off, or a store that takes no more, leaves nothing.
func TestUploadsShowWholeOrNotAtAll(t *testing.T) {
	p := start(t)
	p.put(t, "a.wav", "earlier")
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "POST /upload/storage/v1/b/books/o?uploadType=media&name=a.wav HTTP/1.1\r\nHost: "+p.address+"\r\nContent-Length: 1000\r\n\r\nhalf of it"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil { // until the server has given it up
		t.Fatal(err)
	}
	conn.Close()
	for _, tt := range []struct{ header, value string }{{"X-Goog-Hash", "crc32c=AAAAAA=="}, {"X-Goog-Hash", "md5=1B2M2Y8AsgTpgAmY7PhCfg=="}} {
		if got := p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=media&name=a.wav", "other", tt.header, tt.value); got.code != 400 {
			t.Errorf("%s: %d %s", tt.value, got.code, got.body)
		}
	}
	p.room = fault.New(fault.Unavailable, "There is no room.")
	if got := p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=media&name=a.wav", "other"); got.code != 503 || got.reason(t) != "backendError" {
		t.Errorf("without room: %d %s", got.code, got.body)
	}
	p.room = nil
	p.written = bucket.NamesOf(mustObject(t, "gs://books/a.wav"), nil)
	for _, r := range [][2]string{{"POST", "/upload/storage/v1/b/books/o?uploadType=media&name=a.wav"}, {"DELETE", "/storage/v1/b/books/o/a.wav"}, {"DELETE", "/storage/v1/b/books"}} {
		if got := p.send(t, r[0], r[1], "other"); got.code != 409 {
			t.Errorf("while an operation writes it, %s %s: %d %s", r[0], r[1], got.code, got.body)
		}
	}
	if got := p.holds(t, "books/a.wav"); got != "earlier" {
		t.Errorf("it holds %q", got)
	}
	p.written = nil
}

// What a browser would run as a page of this server comes as something else.
func TestNothingRunsInABrowser(t *testing.T) {
	p := start(t)
	for _, name := range []string{"x.html", "x.svg", "x.js", "x.htm", "x", "x.xml", "x.pdf"} {
		if got := p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=media&name="+name, "<script>alert(1)</script>", "Content-Type", "text/html"); got.code != 200 {
			t.Fatal(got.body)
		}
		got := p.send(t, "GET", "/books/"+name, "")
		if h := got.header; h.Get("Content-Type") != "application/octet-stream" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "sandbox" {
			t.Errorf("%s comes as %v", name, h)
		}
	}
}

// A page of a list is told whole, and its last one has no further.
func TestPages(t *testing.T) {
	p := start(t)
	for i := range 7 {
		p.put(t, fmt.Sprintf("f%d%%2Fx", i), "x")
	}
	var all []string
	for token, pages := "", 0; ; pages++ {
		got := p.send(t, "GET", "/storage/v1/b/books/o?delimiter=%2F&maxResults=3&pageToken="+token, "")
		var page struct {
			Prefixes      []string
			NextPageToken string
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil || len(page.Prefixes) > 3 || pages > 3 {
			t.Fatalf("%v: %s", err, got.body)
		}
		all = append(all, page.Prefixes...)
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	if strings.Join(all, " ") != "f0/ f1/ f2/ f3/ f4/ f5/ f6/" {
		t.Errorf("listed: %q", all)
	}
}

// A bucket of another project is as one that is not there, by every way.
func TestBucketsOfOthers(t *testing.T) {
	p := start(t)
	p.put(t, "a.wav", "sound")
	ask := func(name string) (answers []string) {
		for _, r := range [][2]string{
			{"GET", "/storage/v1/b/BUCKET"}, {"GET", "/storage/v1/b/BUCKET/o"}, {"GET", "/storage/v1/b/BUCKET/o/a.wav"}, {"GET", "/storage/v1/b/BUCKET/o/a.wav?alt=media"},
			{"GET", "/download/storage/v1/b/BUCKET/o/a.wav?alt=media"}, {"GET", "/BUCKET/a.wav"}, {"GET", "/b/BUCKET/o/a.wav"},
			{"DELETE", "/storage/v1/b/BUCKET/o/a.wav"}, {"DELETE", "/storage/v1/b/BUCKET"},
		} {
			got := p.send(t, r[0], strings.ReplaceAll(r[1], "BUCKET", name), "")
			answers = append(answers, fmt.Sprintf("%s %s: %d %s", r[0], r[1], got.code, strings.ReplaceAll(got.body, name, "BUCKET")))
		}
		return answers
	}
	p.closed = "books"
	there := ask("books")
	for i, none := range ask("nosuch") {
		if there[i] != none {
			t.Errorf("of another project's it says %s, of one that is not there %s", there[i], none)
		}
	}
	if got := p.send(t, "GET", "/storage/v1/b?project=p", ""); got.code != 200 || strings.Contains(got.body, "books") {
		t.Errorf("listed: %s", got.body)
	}
	for _, kind := range []string{"media", "resumable", "multipart"} {
		if got := p.send(t, "POST", "/upload/storage/v1/b/books/o?name=b.wav&uploadType="+kind, "{}"); got.code != 404 {
			t.Errorf("%s: %d %s", kind, got.code, got.body)
		}
	}
	if got := p.send(t, "POST", "/storage/v1/b", `{"name":"books"}`); got.code != 404 {
		t.Errorf("made: %d %s", got.code, got.body)
	}
	if got := p.holds(t, "books/a.wav"); got != "sound" {
		t.Errorf("it holds %q", got)
	}
}

// TestOnlyWritersClaim: a bucket is claimed by what is written there, not by what is
// refused for any reason, and not before.
func TestOnlyWritersClaim(t *testing.T) {
	const to = "/upload/storage/v1/b/books/o"
	p := start(t)
	for path, want := range map[string]int{
		to + "?uploadType=media&name=a&ifGenerationMatch=5": 412,
		to + "?uploadType=media&name=a&ifGenerationMatch=x": 400,
		to + "?uploadType=media&name=":                      400,
		to + "?uploadType=media&name=../a":                  400,
		to + "?uploadType=nothing&name=a":                   400,
		to + "?uploadType=multipart&name=a":                 400,
	} {
		if got := p.send(t, "POST", path, "content"); got.code != want {
			t.Errorf("%s: %d %s", path, got.code, got.body)
		}
	}
	if got := p.send(t, "POST", to+"?uploadType=media&name=a", "content", "X-Goog-Hash", "md5=AAAAAAAAAAAAAAAAAAAAAA=="); got.code != 400 {
		t.Errorf("%d %s", got.code, got.body)
	}
	begun := p.send(t, "POST", to+"?uploadType=resumable&name=a&project=one", "")
	at := strings.TrimPrefix(begun.header.Get("Location"), "http://"+p.address)
	if begun.code != 200 || !strings.Contains(at, "project=one") {
		t.Fatalf("%d %s, which goes on at %s", begun.code, begun.body, at)
	}
	if len(p.claimed) > 0 {
		t.Errorf("claimed by what has written nothing: %q", p.claimed)
	}
	p.caller = auth.Principal{Name: "another", Role: auth.Operator, Projects: []string{"other"}}
	if got := p.send(t, "PUT", at, "content"); got.code != 404 {
		t.Errorf("another goes on: %d %s", got.code, got.body)
	}
	p.caller = auth.Anonymous
	if got := p.send(t, "PUT", at, "content"); got.code != 200 || len(p.claimed) != 1 {
		t.Errorf("%d %s, claimed: %q", got.code, got.body, p.claimed)
	}
	p.put(t, "b", "more")
	if got := p.send(t, "POST", "/storage/v1/b", `{"name": "more"}`); got.code != 200 || !slices.Equal(p.claimed, []string{"books", "books", "more"}) {
		t.Errorf("%d %s, claimed: %q", got.code, got.body, p.claimed)
	}

	// What has become another's in between is as one that is not there.
	begun = p.send(t, "POST", to+"?uploadType=resumable&name=c", "")
	p.closed = "books"
	if got := p.send(t, "PUT", strings.TrimPrefix(begun.header.Get("Location"), "http://"+p.address), "content"); got.code != 404 || p.holds(t, "books/c") != "" {
		t.Errorf("%d %s", got.code, got.body)
	}
}
