package gcs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/gcs"
)

func mustObject(t *testing.T, uri string) bucket.Object {
	t.Helper()
	o, err := bucket.ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// begin begins a resumable upload and returns the path of its session.
func (p *place) begin(t *testing.T, query string, headers ...string) string {
	t.Helper()
	got := p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=resumable&"+query, `{"contentType":"audio/wav"}`, headers...)
	path, ok := strings.CutPrefix(got.header.Get("Location"), "http://"+p.address)
	if got.code != 200 || !ok {
		t.Fatalf("%d %v %s", got.code, got.header, got.body)
	}
	return path
}

func TestResumable(t *testing.T) {
	p := start(t)
	type step struct {
		method, span, body string
		code               int
		has                string // the Range of the answer
	}
	for name, steps := range map[string][]step{
		"in pieces": {
			{"PUT", "bytes 0-3/*", "0123", 308, "bytes=0-3"},
			{"PUT", "bytes 4-7/10", "4567", 308, "bytes=0-7"},
			{"PUT", "bytes 8-9/10", "89", 200, ""},
		},
		"at once":                  {{"PUT", "", "0123456789", 200, ""}},
		"at once with a range":     {{"PUT", "bytes 0-9/10", "0123456789", 200, ""}},
		"by POST, as Go does it":   {{"POST", "bytes 0-9/10", "0123456789", 200, ""}},
		"asked before and in it":   {{"PUT", "bytes */*", "", 308, ""}, {"PUT", "bytes 0-3/10", "0123", 308, "bytes=0-3"}, {"PUT", "bytes */10", "", 308, "bytes=0-3"}, {"PUT", "bytes 4-9/10", "456789", 200, ""}},
		"sent again in part":       {{"PUT", "bytes 0-5/10", "012345", 308, "bytes=0-5"}, {"PUT", "bytes 2-9/10", "23456789", 200, ""}},
		"sent again from 0":        {{"PUT", "bytes 0-5/10", "012345", 308, "bytes=0-5"}, {"PUT", "", "0123456789", 200, ""}},
		"as Node does it":          {{"PUT", "bytes 0-3/*", "0123", 308, "bytes=0-3"}, {"PUT", "bytes 4-*/*", "456789", 200, ""}},
		"as Node tells its length": {{"PUT", "bytes 0-*/10", "0123", 308, "bytes=0-3"}, {"PUT", "bytes 4-*/10", "456789", 200, ""}},
		"with a gap":               {{"PUT", "bytes 0-3/10", "0123", 308, "bytes=0-3"}, {"PUT", "bytes 6-9/10", "6789", 308, "bytes=0-3"}, {"PUT", "bytes 4-9/10", "456789", 200, ""}},
		"ended by its length":      {{"PUT", "bytes 0-9/*", "0123456789", 308, "bytes=0-9"}, {"PUT", "bytes */10", "", 200, ""}},
		"asked when it is over":    {{"PUT", "bytes 0-9/10", "0123456789", 200, ""}, {"PUT", "bytes */10", "", 200, ""}},
		"of what cannot be read":   {{"PUT", "bytes 4-3/10", "", 400, ""}, {"PUT", "bytes 0-10/10", "01234567890", 400, ""}, {"PUT", "words 0-3/10", "0123", 400, ""}, {"PUT", "bytes 0-9/10", "0123456789", 200, ""}},
		"of less than it said":     {{"PUT", "bytes 0-9/10", "0123", 308, "bytes=0-3"}, {"PUT", "bytes 4-9/10", "456789", 200, ""}},
		"of a length it has over":  {{"PUT", "bytes 0-9/*", "0123456789", 308, "bytes=0-9"}, {"PUT", "bytes */5", "", 400, ""}, {"PUT", "bytes */10", "", 404, ""}},
		"given up":                 {{"PUT", "bytes 0-3/10", "0123", 308, "bytes=0-3"}, {"DELETE", "", "", 499, ""}, {"PUT", "bytes 4-9/10", "456789", 404, ""}},
	} {
		session := p.begin(t, "name="+strings.ReplaceAll(name, " ", "-"))
		whole := false
		for i, s := range steps {
			var headers []string
			if s.span != "" {
				headers = []string{"Content-Range", s.span}
			}
			got := p.send(t, s.method, session, s.body, headers...)
			if got.code != s.code || got.header.Get("Range") != s.has || s.code == 200 && !strings.Contains(got.body, `"size":"10"`) {
				t.Errorf("%s, step %d: %d %q %s", name, i, got.code, got.header.Get("Range"), got.body)
			}
			whole = whole || s.code == 200
			want := ""
			if whole {
				want = "0123456789"
			}
			if shows := p.holds(t, "books/"+strings.ReplaceAll(name, " ", "-")); shows != want {
				t.Errorf("%s, step %d: it shows %q", name, i, shows)
			}
		}
	}
}

// A client that cannot do with a 308 is told in a header; sums and conditions are those
// of the beginning or the end.
func TestResumableAnswers(t *testing.T) {
	p := start(t)
	session := p.begin(t, "name=x.wav&ifGenerationMatch=0")
	got := p.send(t, "PUT", session, "0123", "Content-Range", "bytes 0-3/10", "X-GUploader-No-308", "yes")
	if got.code != 200 || got.header.Get("X-Http-Status-Code-Override") != "308" || got.header.Get("Range") != "bytes=0-3" {
		t.Errorf("%d %v", got.code, got.header)
	}
	p.put(t, "x.wav", "meanwhile")
	if got := p.send(t, "PUT", session, "456789", "Content-Range", "bytes 4-9/10"); got.code != 412 {
		t.Errorf("in place of another: %d %s", got.code, got.body)
	}
	if got := p.send(t, "PUT", session, "", "Content-Range", "bytes */10"); got.code != 404 {
		t.Errorf("afterwards: %d %s", got.code, got.body)
	}
	session = p.begin(t, "name=x.wav")
	if got := p.send(t, "PUT", session, "0123456789", "X-Goog-Hash", "crc32c=AAAAAA=="); got.code != 400 {
		t.Errorf("other bytes: %d %s", got.code, got.body)
	}
	if shows := p.holds(t, "books/x.wav"); shows != "meanwhile" {
		t.Errorf("it shows %q", shows)
	}
	if got := p.send(t, "PUT", strings.Replace(p.begin(t, "name=y.wav"), "/books/", "/others/", 1), "x"); got.code != 404 {
		t.Errorf("by another bucket: %d %s", got.code, got.body)
	}
}

// A session that nobody goes on with is dropped, and there are only so many.
func TestSessionsAreBounded(t *testing.T) {
	dir := t.TempDir()
	files, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	buckets := bucket.New(bucket.Config{All: files, Scratch: files.Scratch()})
	defer buckets.Close()
	staged := func() int {
		entries, err := os.ReadDir(filepath.Join(dir, "staging"))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	synctest.Test(t, func(t *testing.T) {
		api := gcs.New(gcs.Config{Buckets: buckets, Room: func() error { return nil }})
		defer api.Close()
		call := func(method, path, span string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(method, path, http.NoBody)
			if span != "" {
				r.Header.Set("Content-Range", span)
			}
			if err := api.Serve(w, r); err != nil {
				gcs.Refuse(w, err)
			}
			return w
		}
		begin := func() *httptest.ResponseRecorder {
			return call("POST", "/upload/storage/v1/b/books/o?uploadType=resumable&name=x", "")
		}
		var sessions []string
		for {
			w := begin()
			if w.Code != 200 {
				if w.Code != 429 || w.Header().Get("Retry-After") == "" {
					t.Errorf("one too many: %d %s", w.Code, w.Body)
				}
				break
			}
			sessions = append(sessions, strings.TrimPrefix(w.Header().Get("Location"), "http://example.com"))
		}
		if len(sessions) < 10 || len(sessions) > 1000 || staged() != len(sessions) {
			t.Fatalf("%d sessions are open, %d files staged", len(sessions), staged())
		}
		// Those that are over count no more.
		if w := call("PUT", sessions[0], "bytes */0"); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := begin(); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		time.Sleep(30 * time.Minute)
		if w := call("PUT", sessions[1], "bytes */*"); w.Code != 308 {
			t.Errorf("after half an hour: %d %s", w.Code, w.Body)
		}
		time.Sleep(45 * time.Minute)
		synctest.Wait()
		if n := staged(); n != 1 {
			t.Errorf("after more than an hour %d files are staged", n)
		}
		if w := call("PUT", sessions[1], "bytes */*"); w.Code != 308 {
			t.Errorf("one that was asked for: %d %s", w.Code, w.Body)
		}
		for _, lost := range []string{sessions[0], sessions[2]} {
			if w := call("PUT", lost, "bytes */*"); w.Code != 404 {
				t.Errorf("one that waited: %d %s", w.Code, w.Body)
			}
		}
		api.Close()
		if n := staged(); n != 0 {
			t.Errorf("in the end %d files are staged", n)
		}
	})
}

// However many uploads one project has begun, others can begin theirs.
func TestResumableUploadsOfOneProjectLeaveRoom(t *testing.T) {
	p := start(t)
	begin := func(project, name string) *answer {
		p.caller = auth.Principal{Name: "somebody", Projects: []string{project}, Role: auth.Operator}
		return p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=resumable&name="+name, "{}")
	}
	begun := 0
	for ; begun < 100; begun++ {
		if got := begin("a", fmt.Sprint("a", begun)); got.code != 200 {
			if got.code != 429 {
				t.Errorf("one too many: %d %s", got.code, got.body)
			}
			break
		}
	}
	if begun == 0 || begun == 100 {
		t.Fatalf("%d are under way", begun)
	}
	for _, project := range []string{"b", "c"} {
		if got := begin(project, project); got.code != 200 {
			t.Errorf("beside them %s gets %d %s", project, got.code, got.body)
		}
	}
}
