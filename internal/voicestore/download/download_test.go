package download_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore/download"
)

// server serves one body by http.ServeContent, which knows ranges, after what
// before does with the request.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	body     []byte
	tag      string
	requests []*http.Request
	before   func(n int, w http.ResponseWriter, r *http.Request) (done bool)
}

func serve(t *testing.T, body []byte) *server {
	s := &server{body: body, tag: `"one"`}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		n, body, tag := len(s.requests), s.body, s.tag
		s.mu.Unlock()
		if s.before != nil && s.before(n, w, r) {
			return
		}
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	}))
	t.Cleanup(s.Close)
	return s
}

// cut answers with some bytes of what is asked for, then drops the connection.
func (s *server) cut(w http.ResponseWriter, r *http.Request, bytes int) {
	var from int
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	s.mu.Lock()
	rest := s.body[from:]
	w.Header().Set("ETag", s.tag)
	s.mu.Unlock()
	w.Header().Set("Content-Length", fmt.Sprint(len(rest)))
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+len(rest)-1, from+len(rest)))
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(rest[:min(bytes, len(rest))])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func body(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n)})
	r.Read(b)
	return b
}

func (s *server) want() download.Want {
	sum, m := sha256.Sum256(s.body), md5.Sum(s.body)
	return download.Want{Name: "voice.onnx", Address: s.URL + "/voice.onnx", Size: int64(len(s.body)),
		SHA256: hex.EncodeToString(sum[:]), MD5: hex.EncodeToString(m[:])}
}

// client does not wait, but counts.
func client(pauses *[]time.Duration) *download.Client {
	var mu sync.Mutex
	return &download.Client{Pause: func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		if pauses != nil {
			*pauses = append(*pauses, d)
		}
		return context.Cause(ctx)
	}}
}

func get(t *testing.T, c *download.Client, w download.Want, path string) error {
	t.Helper()
	return c.File(t.Context(), w, path, nil)
}

func holds(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s has %d bytes that differ from the %d of the server: %v", path, len(got), len(want), err)
	}
	left, _ := filepath.Glob(path + ".*")
	if len(left) > 0 {
		t.Errorf("%v was left beside it", left)
	}
}

func absent(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is there: %v", path, err)
		}
	}
}

func TestCutsAtRandomBytes(t *testing.T) {
	s := serve(t, body(3<<20))
	s.before = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n <= 50 {
			s.cut(w, r, 1+rand.IntN(60_000))
		}
		return false
	}
	path := filepath.Join(t.TempDir(), "f")
	last := int64(0)
	err := client(nil).File(t.Context(), s.want(), path, func(done int64) {
		if done <= last {
			t.Errorf("%d bytes were reported after %d", done, last)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
	if last != int64(len(s.body)) || len(s.requests) != 51 {
		t.Errorf("%d bytes in %d requests", last, len(s.requests))
	}
	for _, r := range s.requests[1:] {
		if r.Header.Get("If-Range") != s.tag {
			t.Fatalf("%s was asked for with the tag %q", r.Header.Get("Range"), r.Header.Get("If-Range"))
		}
	}
}

func TestCancelledAndResumed(t *testing.T) {
	s := serve(t, body(1<<20))
	s.before = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n == 1 { // the rest does not come before the cancel
			w.Header().Set("ETag", s.tag)
			w.Header().Set("Content-Length", fmt.Sprint(len(s.body)))
			w.Write(s.body[:400_000])
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
		return n == 1
	}
	path := filepath.Join(t.TempDir(), "f")
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped")
	var at int64
	err := client(nil).File(ctx, s.want(), path, func(done int64) {
		if done > 300_000 && at == 0 {
			at = done
			cancel(stop)
		}
	})
	if !errors.Is(err, stop) {
		t.Fatalf("the error is %v", err)
	}
	absent(t, path)
	st, err := os.Stat(path + ".part")
	if err != nil || st.Size() < at {
		t.Fatalf("what had come is gone: %v", err)
	}
	first := int64(0)
	if err := client(nil).File(t.Context(), s.want(), path, func(done int64) {
		if first == 0 {
			first = done
		}
	}); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
	if first != st.Size() {
		t.Errorf("the second run began its count at %d, not at %d", first, st.Size())
	}
	if got := s.requests[1].Header.Get("Range"); got != fmt.Sprintf("bytes=%d-", st.Size()) {
		t.Errorf("the second run asked for %q", got)
	}
}

func TestAnotherVersionIsNotJoined(t *testing.T) {
	for _, knows := range []bool{true, false} {
		s := serve(t, body(500_000))
		path := filepath.Join(t.TempDir(), "f")
		os.WriteFile(path+".part", body(400_000)[:200_000], 0o644)
		if knows {
			os.WriteFile(path+".part.tag", []byte(`"old"`), 0o644)
		}
		if err := get(t, client(nil), s.want(), path); err != nil {
			t.Fatal(err)
		}
		holds(t, path, s.body)
	}
}

func TestPartThatIsWhole(t *testing.T) {
	s := serve(t, body(100_000))
	path := filepath.Join(t.TempDir(), "f")
	os.WriteFile(path+".part", s.body, 0o644)
	if err := get(t, client(nil), s.want(), path); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
	if len(s.requests) != 0 {
		t.Errorf("%d requests were made", len(s.requests))
	}
}

func TestServerWithoutRanges(t *testing.T) {
	s := serve(t, body(400_000))
	s.before = func(n int, w http.ResponseWriter, r *http.Request) bool {
		r.Header.Del("Range")
		return false
	}
	path := filepath.Join(t.TempDir(), "f")
	os.WriteFile(path+".part", s.body[:1000], 0o644)
	if err := get(t, client(nil), s.want(), path); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
}

func TestUnknownSizeAndDigest(t *testing.T) {
	s := serve(t, body(300_000))
	path := filepath.Join(t.TempDir(), "f")
	w := download.Want{Name: "f", Address: s.URL}
	os.WriteFile(path+".part", append(body(300_000), 1, 2, 3), 0o644) // too long: 416
	if err := get(t, client(nil), w, path); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
}

func TestRefused(t *testing.T) {
	whole := body(200_000)
	for name, test := range map[string]struct {
		change func(*server, *download.Want)
		says   string
	}{
		"digest": {func(s *server, w *download.Want) { s.body = append(bytes.Clone(whole[:199_999]), whole[199_999]^1) }, "SHA-256"},
		"md5":    {func(s *server, w *download.Want) { w.SHA256, w.MD5 = "", strings.Repeat("0", 32) }, "MD5"},
		"short":  {func(s *server, w *download.Want) { s.body = whole[:1000] }, "should have 200000"},
		"long":   {func(s *server, w *download.Want) { s.body = append(bytes.Clone(whole), 1) }, "should have 200000"},
		"long without a length": {func(s *server, w *download.Want) {
			s.before = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				http.NewResponseController(w).Flush()
				w.Write(whole)
				w.Write(whole)
				return true
			}
		}, "more than the 200000"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, whole)
			w := s.want()
			test.change(s, &w)
			path := filepath.Join(t.TempDir(), "f")
			err := get(t, client(nil), w, path)
			if !fault.Is(err, fault.DataLoss) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v", err)
			}
			absent(t, path, path+".part", path+".part.tag")
			if len(s.requests) > 1 {
				t.Errorf("%d requests for a file that is wrong", len(s.requests))
			}
		})
	}
}

func TestGivesUp(t *testing.T) {
	for name, test := range map[string]struct {
		status, after int
		code          fault.Code
		requests      int
		pause         time.Duration
	}{
		"not found":       {404, 0, fault.NotFound, 1, 0},
		"forbidden":       {403, 0, fault.Unavailable, 1, 0},
		"broken":          {500, 0, fault.Unavailable, 5, 0},
		"busy":            {503, 7, fault.Unavailable, 5, 7 * time.Second},
		"busy for an age": {429, 99999, fault.Unavailable, 5, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, body(1000))
			s.before = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				if test.after > 0 {
					w.Header().Set("Retry-After", fmt.Sprint(test.after))
				}
				w.WriteHeader(test.status)
				return true
			}
			var pauses []time.Duration
			err := get(t, client(&pauses), s.want(), filepath.Join(t.TempDir(), "f"))
			if !fault.Is(err, test.code) || len(s.requests) != test.requests || len(pauses) != test.requests-1 {
				t.Errorf("%d requests, %d pauses: %v", len(s.requests), len(pauses), err)
			}
			for n, d := range pauses {
				if n > 0 && test.pause == 0 && d < pauses[n-1] {
					t.Errorf("the pauses are %v", pauses)
				}
				if test.pause > 0 && d != test.pause {
					t.Errorf("the pauses are %v", pauses)
				}
			}
		})
	}
}

func TestRecovers(t *testing.T) {
	s := serve(t, body(1000))
	s.before = func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n < 4 {
			w.WriteHeader(http.StatusBadGateway)
		}
		return n < 4
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := get(t, client(nil), s.want(), path); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)
}

func TestNobodyThere(t *testing.T) {
	s := serve(t, body(10))
	w := s.want()
	s.Close()
	var pauses []time.Duration
	err := get(t, client(&pauses), w, filepath.Join(t.TempDir(), "f"))
	if !fault.Is(err, fault.Unavailable) || len(pauses) != 2 {
		t.Errorf("after %d pauses: %v", len(pauses), err)
	}
}

func TestRedirects(t *testing.T) {
	s := serve(t, body(1000))
	other := serve(t, s.body)
	s.before = func(n int, w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/away":
			http.Redirect(w, r, other.URL+"/x?key=secret", http.StatusTemporaryRedirect)
		}
		return true
	}
	path := filepath.Join(t.TempDir(), "f")
	w := s.want()
	w.Address = s.URL + "/loop"
	err := get(t, client(nil), w, path)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "redirects more than") || len(s.requests) > 12 {
		t.Errorf("%d requests: %v", len(s.requests), err)
	}
	w.Address = s.URL + "/away"
	if err := get(t, client(nil), w, path); err != nil {
		t.Fatal(err)
	}
	holds(t, path, s.body)

	secure := httptest.NewTLSServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer secure.Close()
	c := client(nil)
	c.HTTP = secure.Client()
	w.Address = secure.URL
	if err := get(t, c, w, path); err == nil || !strings.Contains(err.Error(), "from https: to http:") {
		t.Errorf("the error is %v", err)
	}
	if err := get(t, client(nil), w, path); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("the error is %v", err)
	}
}
