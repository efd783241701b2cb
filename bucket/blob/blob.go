// Package blob is the driver of objects in object stores, for package bucket:
// Amazon's S3 and what speaks its protocol, Google Cloud Storage, Azure's
// blobs.
//
// [Open] makes a store of a URL and [OpenScratch] scratch. How an object is kept
// unseen until its commit differs:
//
//	S3       a multipart upload that is held open; its completion is the commit
//	others   an object under .lectern/, which the commit copies to its name
//
// Under .lectern/OPERATION/ is, besides, what tells which uploads an operation
// has begun, so that whatever process discards it finds them. Which object shows
// is told by its metadata: the attempt that made it.
//
// Credentials are found as each service's own tools find them. What neither a
// crash nor a sweep can reach, such as parts of an upload that arrive after it
// was aborted, a lifecycle rule of the bucket removes (docs/buckets.md).
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// The names of metadata, which some services only have letters for.
const (
	metaAttempt  = "lecternattempt"   // which attempt made the object
	metaCaptions = "lecterncompanion" // whose captions it is; stored by its older name
)

// maxKey is the longest key of an object, in bytes, in all services.
const maxKey = 1024

// shelf is what all stores of this package have in common.
type shelf struct {
	objects objects
	kind    string
	prefix  int // bytes before the keys
}

// Kind implements driver.Store.
func (s *shelf) Kind() string { return s.kind }

// Close implements driver.Store.
func (s *shelf) Close() error { return s.objects.close() }

// Check implements driver.Store.
func (s *shelf) Check(_ context.Context, p driver.Place) error {
	switch {
	case driver.IsHidden(p.Key):
		return fault.New(fault.FailedPrecondition, "%q is where this store keeps what is not shown yet; choose another object name.", p.Object)
	case s.prefix+len(p.Key) > maxKey:
		return fault.New(fault.FailedPrecondition, "The object name is too long for this store, where it has %d bytes of %d; choose a shorter one.", s.prefix+len(p.Key), maxKey)
	}
	return nil
}

// Belongs implements driver.Store.
func (s *shelf) Belongs(ctx context.Context, p driver.Place, owner driver.Object) (shown, belongs bool, err error) {
	found, err := s.objects.head(ctx, p.Key)
	if driver.ClassOf(err) == driver.Gone {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	return true, found.meta[metaCaptions] == nameOf(owner), nil
}

// nameOf is a name of an object that metadata can hold.
func nameOf(o driver.Object) string {
	sum := sha256.Sum256([]byte(o.String()))
	return hex.EncodeToString(sum[:16])
}

// metaOf is the metadata of an attempt's object.
func metaOf(a driver.Attempt) map[string]string {
	meta := map[string]string{metaAttempt: a.Operation + "." + a.Number + a.Suffix}
	if a.Owner != (driver.Object{}) {
		meta[metaCaptions] = nameOf(a.Owner)
	}
	return meta
}

// shows reports whether the object of a receipt is the one that shows.
func (s *shelf) shows(ctx context.Context, r driver.Receipt) (bool, error) {
	found, err := s.objects.head(ctx, r.Place.Key)
	if driver.ClassOf(err) == driver.Gone {
		return false, nil
	}
	return err == nil && found.meta[metaAttempt] == metaOf(r.Attempt)[metaAttempt] && found.size == r.Size, err
}

// gone is the error of committing what is not there any more.
func gone(r driver.Receipt, err error) error {
	return &driver.Error{Class: driver.Gone, Where: "what was sealed for " + r.Place.Object.String(), Err: err}
}

// hidden is the key under which an attempt is known.
func hidden(a driver.Attempt) string {
	return path.Join(driver.Hidden, a.Operation, a.Number+a.Suffix)
}

// Kept implements driver.Store.
func (s *shelf) Kept(ctx context.Context) ([]string, error) {
	ids, err := s.objects.folders(ctx, driver.Hidden+"/")
	return slices.DeleteFunc(ids, func(id string) bool { return strings.HasPrefix(id, "-") }), err
}

// each calls do with each key that operation has below .lectern/.
func (s *shelf) each(ctx context.Context, operation string, do func(key string) error) error {
	keys, err := s.objects.list(ctx, path.Join(driver.Hidden, operation)+"/")
	errs := []error{err}
	for _, key := range keys {
		errs = append(errs, do(key))
	}
	return errors.Join(errs...)
}

// remove removes an object that may be gone.
func (s *shelf) remove(ctx context.Context, key string) error {
	if err := s.objects.remove(ctx, key); err != nil && driver.ClassOf(err) != driver.Gone {
		return err
	}
	return nil
}

// probes is where probes stand below .lectern/. It is no operation's id.
const probes = "-probe"

// Probe implements driver.Store.
func (s *shelf) Probe(ctx context.Context) error {
	key := path.Join(driver.Hidden, probes, newName())
	err := s.objects.put(ctx, key, []byte("lectern"), nil)
	if err == nil {
		err = s.objects.remove(ctx, key)
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("the bucket %s cannot be used: %s (%w)", s.objects.name(), driver.Advice(err), err)
}

// contentTypes are what players go by.
var contentTypes = map[string]string{
	".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".m4a": "audio/mp4",
	".json": "application/json", ".srt": "application/x-subrip", ".vtt": "text/vtt",
}

// contentType is that of an object by its name.
func contentType(key string) string {
	if known := contentTypes[strings.ToLower(path.Ext(key))]; known != "" {
		return known
	}
	return "application/octet-stream"
}
