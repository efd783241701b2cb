package blob

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"cloud.google.com/go/storage"
	cloud "gocloud.dev/blob"
	"gocloud.dev/blob/gcsblob"
	"gocloud.dev/gcp"

	"github.com/lectern/lectern/bucket/driver"
)

// openGCS opens a bucket of Google Cloud Storage with the credentials of its
// tools (application default credentials), or with none: ?anonymous=true.
func openGCS(ctx context.Context, u *url.URL) (*cloud.Bucket, error) {
	var opener gcsblob.URLOpener
	if u.Query().Get("anonymous") != "true" {
		credentials, err := gcp.DefaultCredentials(ctx)
		if err != nil {
			return nil, fmt.Errorf("there are no credentials for Google Cloud Storage: %w", err)
		}
		if opener.Client, err = gcp.NewHTTPClient(gcp.DefaultTransport(), gcp.CredentialsTokenSource(credentials)); err != nil {
			return nil, err
		}
	}
	return opener.OpenBucketURL(ctx, u)
}

// gcsStore is Google Cloud Storage. An object is written under a hidden key, its
// head under another, and the commit composes both under the object's name, with
// the attempt in its metadata. Composing moves no bytes, and fails once what it
// is made of is gone.
type gcsStore struct {
	copied
	bucket *storage.BucketHandle
	prefix string
}

var _ driver.Store = (*gcsStore)(nil)

func newGCS(bucket *cloud.Bucket, at location) (*gcsStore, error) {
	var client *storage.Client
	if !bucket.As(&client) {
		return nil, errors.New("gocloud.dev gives no client of Google Cloud Storage any more")
	}
	return &gcsStore{
		copied: copied{&shelf{objects: at.prefixed(bucket), kind: "gs", prefix: len(at.prefix)}},
		bucket: client.Bucket(at.url.Host), prefix: at.prefix,
	}, nil
}

// gcsAhead is how many uploads wait for their heads at once; each is written in
// chunks of 16 MiB.
const gcsAhead = 3

// Ahead implements driver.Store.
func (s *gcsStore) Ahead() int { return gcsAhead }

// headKey is where the head of an attempt is.
func headKey(a driver.Attempt) string { return hidden(a) + "-head" }

// Begin implements driver.Store.
func (s *gcsStore) Begin(ctx context.Context, a driver.Attempt) (driver.Upload, error) {
	u, err := s.copied.Begin(ctx, a)
	if err != nil {
		return nil, err
	}
	return &gcsUpload{u.(*copiedUpload), s}, nil
}

type gcsUpload struct {
	*copiedUpload
	store *gcsStore
}

// withHead marks receipts of objects that have a head of their own.
const withHead = "head"

// Seal implements driver.Upload.
func (u *gcsUpload) Seal(ctx context.Context, head []byte) (driver.Receipt, error) {
	if len(head) != u.attempt.Head {
		return driver.Receipt{}, fmt.Errorf("a head of %d bytes where room was left for %d", len(head), u.attempt.Head)
	}
	r, err := u.copiedUpload.Seal(ctx, nil)
	if err != nil || len(head) == 0 {
		return r, err
	}
	r.Size += int64(len(head))
	r.Mark = withHead
	return r, u.store.objects.put(ctx, headKey(u.attempt), head, nil)
}

// Abort implements driver.Upload.
func (u *gcsUpload) Abort(ctx context.Context) error {
	return errors.Join(u.copiedUpload.Abort(ctx), u.store.remove(ctx, headKey(u.attempt)))
}

// Commit implements driver.Store.
func (s *gcsStore) Commit(ctx context.Context, r driver.Receipt) error {
	parts := []*storage.ObjectHandle{s.handle(hidden(r.Attempt))}
	if r.Mark == withHead {
		parts = append([]*storage.ObjectHandle{s.handle(headKey(r.Attempt))}, parts...)
	}
	compose := s.handle(r.Place.Key).ComposerFrom(parts...)
	compose.Metadata, compose.ContentType = metaOf(r.Attempt), contentType(r.Place.Key)
	if _, err := compose.Run(ctx); err != nil {
		return s.failed(ctx, r, s.objects.(*portable).fails(err, r.Place.Key))
	}
	return s.Abort(ctx, r)
}

// handle is an object by its key below the prefix.
func (s *gcsStore) handle(key string) *storage.ObjectHandle { return s.bucket.Object(s.prefix + key) }

// Committed implements driver.Store.
func (s *gcsStore) Committed(ctx context.Context, r driver.Receipt) (bool, error) {
	shown, err := s.copied.Committed(ctx, r)
	if err == nil && !shown {
		err = s.remove(ctx, headKey(r.Attempt))
	}
	return shown && err == nil, err
}

// Abort implements driver.Store.
func (s *gcsStore) Abort(ctx context.Context, r driver.Receipt) error {
	return errors.Join(s.copied.Abort(ctx, r), s.remove(ctx, headKey(r.Attempt)))
}
