package gcs_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/gcs"
	"github.com/lectern/lectern/server"
)

// place is a running server of objects.
type place struct {
	address string
	buckets *bucket.Store
	files   *file.Store
	staging string
	caller  auth.Principal // of all calls
	room    error          // why nothing more is taken
	closed  string         // a bucket that the caller must not know of
	claimed []string       // buckets that were written to
	written []bucket.Name  // by operations under way
	told    chan server.Record
}

func start(t *testing.T) *place {
	t.Helper()
	dir := t.TempDir()
	files, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := &place{files: files, staging: dir + "/staging", caller: auth.Anonymous, told: make(chan server.Record, 1)}
	p.buckets = bucket.New(bucket.Config{All: files, Scratch: files.Scratch()})
	p.buckets.Respect(p)
	api := gcs.New(gcs.Config{
		Buckets: p.buckets, Room: func() error { return p.room }, About: server.About,
		Open: func(_ context.Context, _ auth.Principal, bucket string) (bool, error) { return bucket != p.closed, nil },
		Claim: func(_ context.Context, _ auth.Principal, _, bucket string) (bool, error) {
			p.claimed = append(p.claimed, bucket)
			return bucket != p.closed, nil
		},
	})
	srv, err := server.New(server.Config{
		Register: func(grpc.ServiceRegistrar) {},
		Record: func(r server.Record) {
			select {
			case <-p.told:
			default:
			}
			p.told <- r
		},
		APIs: []server.API{{
			Patterns: gcs.Patterns(), Takes: gcs.Takes, Named: gcs.Named, Streams: true, Refuse: gcs.Refuse,
			Serve: func(w http.ResponseWriter, r *http.Request) error {
				return api.Serve(w, r.WithContext(auth.With(r.Context(), p.caller)))
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(t.Context(), l) }()
	t.Cleanup(func() {
		if err := <-served; err != nil {
			t.Error(err)
		}
		api.Close()
		if left, _ := os.ReadDir(p.staging); len(left) > 0 {
			t.Errorf("staged and left: %v", left)
		}
		p.buckets.Close()
	})
	p.address = l.Addr().String()
	return p
}

// Hold implements bucket.Names, for operations that write one object.
func (p *place) Hold(_ context.Context, n bucket.Name) (release func(), err error) {
	for _, w := range p.written {
		if n.Path == w.Path || strings.HasPrefix(w.Path, n.Path+"/") {
			return nil, bucket.ErrTaken
		}
	}
	return func() {}, nil
}

// send sends a request, with headers by turns of name and value.
func (p *place) send(t *testing.T, method, path, body string, headers ...string) *answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+p.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{resp.StatusCode, resp.Header, string(got)}
}

type answer struct {
	code   int
	header http.Header
	body   string
}

// reason is that of an error, which must be one in Cloud Storage's form.
func (a *answer) reason(t *testing.T) string {
	t.Helper()
	var e struct {
		Error struct {
			Code    int
			Message string
			Errors  []struct{ Reason string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || e.Error.Code != a.code || e.Error.Message == "" || len(e.Error.Errors) != 1 {
		t.Errorf("%d %s is no error of Cloud Storage (%v)", a.code, a.body, err)
		return ""
	}
	return e.Error.Errors[0].Reason
}

// put writes an object.
func (p *place) put(t *testing.T, name, content string) {
	t.Helper()
	if got := p.send(t, "POST", "/upload/storage/v1/b/books/o?uploadType=media&name="+name, content); got.code != 200 {
		t.Fatalf("writing %s: %d %s", name, got.code, got.body)
	}
}

// holds is what an object holds, or "".
func (p *place) holds(t *testing.T, key string) string {
	t.Helper()
	b, err := os.ReadFile(p.files.Path(key))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}
