package gcs

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// Config is what an API is made of.
type Config struct {
	Buckets *bucket.Store
	// Open reports whether a principal may know of a bucket; nil: it may of all.
	Open func(ctx context.Context, p auth.Principal, bucket string) (bool, error)
	// MayWrite is Open for who wants to write to a bucket or to make it, for a project,
	// which may be empty. Claim is asked when they do, after all else that could refuse
	// them, and makes it theirs if it was nobody's. Nil: whoever may know of it.
	MayWrite, Claim func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error)
	// About is told which bucket a call is about that its path does not name, as a
	// resource of Google's; nil: nobody is.
	About func(ctx context.Context, resource string)
	// Room says why no more bytes should be taken, or nil. It is asked often.
	Room func() error
}

// API serves. It is safe for concurrent use. Close it when done.
type API struct {
	buckets  *bucket.Store
	open     func(context.Context, auth.Principal, string) (bool, error)
	mayWrite func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error)
	claim    func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error)
	about    func(context.Context, string)
	room     func() error
	sums     sums
	sessions sessions
}

// New makes an API.
func New(c Config) *API {
	if c.Open == nil {
		c.Open = func(context.Context, auth.Principal, string) (bool, error) { return true, nil }
	}
	known := func(ctx context.Context, p auth.Principal, _, bucket string) (bool, error) {
		return c.Open(ctx, p, bucket)
	}
	if c.MayWrite == nil {
		c.MayWrite = known
	}
	if c.Claim == nil {
		c.Claim = known
	}
	if c.About == nil {
		c.About = func(context.Context, string) {}
	}
	return &API{buckets: c.Buckets, open: c.Open, mayWrite: c.MayWrite, claim: c.Claim, about: c.About, room: c.Room}
}

// Close drops the uploads that clients have not ended.
func (a *API) Close() { a.sessions.close() }

const (
	jsonPath     = "/storage/v1/"
	downloadPath = "/download/storage/v1/"
	uploadPath   = "/upload/storage/v1/"
	nodePath     = "/b"
)

// Patterns are those of http.ServeMux that belong to the API, whole paths and all
// below, so that what it lacks is refused in its own form.
func Patterns() []string {
	return []string{jsonPath, downloadPath, uploadPath, nodePath, nodePath + "/"}
}

// notBuckets are what paths of other APIs begin with and buckets could be called, too:
// objects in those cannot be read by /BUCKET/OBJECT.
var notBuckets = []string{"v1beta1", "storage", "upload", "download", "lectern", "batch", "healthz", "readyz", "metrics"}

// Takes reports whether a request that nothing else takes reads /BUCKET/OBJECT.
func Takes(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	o, err := pathObject(r)
	return err == nil && !slices.Contains(notBuckets, o.Bucket)
}

// pathObject is the object of /BUCKET/OBJECT.
func pathObject(r *http.Request) (bucket.Object, error) {
	return bucket.ParseURI("gs:/" + r.URL.Path)
}

// call is a request that was told what it is about.
type call struct {
	*http.Request
	w      http.ResponseWriter
	query  url.Values
	bucket string
	name   string // of the object
}

// Serve answers r. An error after the first byte is one that the answer cannot tell.
func (a *API) Serve(w http.ResponseWriter, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.InvalidArgument, "The query of the request cannot be read.").Because(err)
	}
	c := &call{Request: r, w: w, query: query}
	switch prefix, rest := routed(r.URL.EscapedPath()); prefix {
	case uploadPath:
		return a.serveUpload(c, rest)
	case downloadPath:
		return a.serveDownload(c, rest)
	case jsonPath:
		return a.serveJSON(c, rest)
	}
	o, err := pathObject(r)
	if err != nil || !Takes(r) {
		return missing(r)
	}
	c.bucket, c.name = o.Bucket, o.Name
	return a.serveXML(c)
}

// routed is which of the API's paths an escaped one begins with, and what follows it;
// /b, with which the emulator's clients begin, is as jsonPath. It is empty for all others.
func routed(path string) (prefix, rest string) {
	for _, prefix := range []string{uploadPath, downloadPath, jsonPath} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			return prefix, rest
		}
	}
	if path == nodePath || strings.HasPrefix(path, nodePath+"/") {
		return jsonPath, path[1:]
	}
	return "", ""
}

// names reads b/BUCKET, b/BUCKET/o or b/BUCKET/o/OBJECT, whose parts are escaped, and
// tells how many parts there are: 1 without a bucket, 2, 3, or 4; 0 for anything else.
func (c *call) names(path string) int {
	parts := strings.SplitN(strings.TrimSuffix(path, "/"), "/", 4)
	for i, part := range parts {
		unescaped, err := url.PathUnescape(part)
		if err != nil {
			return 0
		}
		parts[i] = unescaped
	}
	switch {
	case parts[0] != "b", len(parts) > 2 && parts[2] != "o":
		return 0
	case len(parts) == 4:
		c.name = parts[3]
		fallthrough
	case len(parts) >= 2:
		c.bucket = parts[1]
	}
	return len(parts)
}

func (a *API) serveJSON(c *call, path string) error {
	routes := map[int]map[string]func(*call) error{
		1: {http.MethodGet: a.listBuckets, http.MethodPost: a.insertBucket},
		2: {http.MethodGet: a.getBucket, http.MethodDelete: a.deleteBucket},
		3: {http.MethodGet: a.listObjects},
		4: {http.MethodGet: a.getObject, http.MethodHead: a.getObject, http.MethodDelete: a.deleteObject},
	}
	serve := routes[c.names(path)][c.Method]
	if serve == nil {
		return missing(c.Request)
	}
	return serve(c)
}

func (a *API) serveDownload(c *call, path string) error {
	if c.names(path) != 4 || c.Method != http.MethodGet && c.Method != http.MethodHead {
		return missing(c.Request)
	}
	return a.media(c)
}

func (a *API) serveUpload(c *call, path string) error {
	if c.names(path) != 3 {
		return missing(c.Request)
	}
	if err := a.allow(c, write); err != nil {
		return err
	}
	return a.upload(c)
}

func missing(r *http.Request) error {
	return refusal{fault.New(fault.Unimplemented, "%s %s is not served. Of Cloud Storage's API there are get, list, insert and delete of buckets and objects.", r.Method, r.URL.EscapedPath()), http.StatusNotImplemented, "notImplemented"}
}

// object is what the call is about. Errors name what cannot be such a name.
func (c *call) object() (bucket.Object, error) {
	return bucket.ParseURI("gs://" + c.bucket + "/" + c.name)
}

// allow refuses what the caller may not do in the call's bucket.
func (a *API) allow(c *call, what action) error {
	err := a.allowed(c, what)
	if fault.Is(err, fault.NotFound) && c.name != "" {
		return bucket.NoSuchObject(bucket.Object{Bucket: c.bucket, Name: c.name})
	}
	return err
}

// base is how the client calls the server.
func (c *call) base() string {
	scheme := "http"
	// A program that calls Google by its name does so by TLS: `lectern run` ends that
	// before the request comes here.
	if c.TLS != nil || c.Header.Get("X-Forwarded-Proto") == "https" || strings.HasSuffix(c.Host, ".googleapis.com") {
		scheme = "https"
	}
	return scheme + "://" + c.Host
}

func writeJSON(w http.ResponseWriter, status int, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
