package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Stat implements driver.Shown.
func (s *shelf) Stat(ctx context.Context, p driver.Place) (driver.Attributes, error) {
	if driver.IsHidden(p.Key) || s.prefix+len(p.Key) > maxKey {
		return driver.Attributes{}, &driver.Error{Class: driver.Gone, Where: p.Object.String(), Err: errors.New("no object has such a name")}
	}
	found, err := s.objects.head(ctx, p.Key)
	return found.attributes(), err
}

// attributes are what the world is told. Some services tell the time of an object in
// whole seconds when they are asked for it, and more exactly in lists; its size tells
// it from others of the same second, as far as that is possible.
func (f found) attributes() driver.Attributes {
	const micros = 1_000_000
	seconds := f.changed.Unix()
	return driver.Attributes{Size: f.size, Changed: f.changed.UTC(), Generation: max(seconds*micros+f.size%micros, 1)}
}

// Open implements driver.Shown.
func (s *shelf) Open(ctx context.Context, p driver.Place) (driver.Reader, error) {
	attributes, err := s.Stat(ctx, p)
	if err != nil {
		return nil, err
	}
	return &reader{pieceReader{ctx: ctx, objects: s.objects, key: p.Key, size: attributes.Size, of: attributes.Generation}, attributes}, nil
}

type reader struct {
	pieceReader
	attributes driver.Attributes
}

// Attributes implements driver.Reader.
func (r *reader) Attributes() driver.Attributes { return r.attributes }

// List implements driver.Shown.
func (s *shelf) List(ctx context.Context, l driver.Listing) ([]driver.Entry, error) {
	return s.objects.page(ctx, l)
}

// Remove implements driver.Shown.
func (s *shelf) Remove(ctx context.Context, p driver.Place) error {
	if _, err := s.Stat(ctx, p); err != nil { // some services do not tell
		return err
	}
	return s.objects.remove(ctx, p.Key)
}

// bucketsFolder is where objects below .lectern/ tell which buckets were made. It is
// no operation's id.
const bucketsFolder = "-buckets"

func bucketKey(name string) string { return path.Join(driver.Hidden, bucketsFolder, name) }

// Bucket implements driver.Buckets.
func (s *shelf) Bucket(ctx context.Context, name string) (bool, error) {
	_, err := s.objects.head(ctx, bucketKey(name))
	if driver.ClassOf(err) != driver.Gone {
		return err == nil, err
	}
	return s.holds(ctx, name)
}

// holds reports whether a bucket has an object.
func (s *shelf) holds(ctx context.Context, name string) (bool, error) {
	some, err := s.objects.page(ctx, driver.Listing{Prefix: name + "/", Limit: 1})
	return len(some) > 0, err
}

// Buckets implements driver.Buckets.
func (s *shelf) Buckets(ctx context.Context, after string, limit int) ([]string, error) {
	made, err := s.objects.list(ctx, bucketKey("")+"/")
	if err != nil {
		return nil, err
	}
	for i, key := range made {
		made[i] = path.Base(key)
	}
	// All, for the order of folders is not that of names: a-b/ comes before a/.
	used, err := s.objects.page(ctx, driver.Listing{Folders: true, Limit: math.MaxInt})
	for _, e := range used {
		if e.IsFolder() {
			made = append(made, strings.TrimSuffix(e.Key, "/"))
		}
	}
	slices.Sort(made)
	made = slices.DeleteFunc(slices.Compact(made), func(name string) bool { return name <= after })
	return made[:min(limit, len(made))], err
}

// MakeBucket implements driver.Buckets.
func (s *shelf) MakeBucket(ctx context.Context, name string) error {
	return s.objects.put(ctx, bucketKey(name), nil, nil)
}

// RemoveBucket implements driver.Buckets.
func (s *shelf) RemoveBucket(ctx context.Context, name string) error {
	held, err := s.holds(ctx, name)
	if err != nil {
		return err
	}
	if held {
		return fault.New(fault.FailedPrecondition, "The bucket %q is not empty; remove its objects first.", name)
	}
	return s.remove(ctx, bucketKey(name))
}

// errReplaced is the error of reading on in an object that is another one by now.
var errReplaced = errors.New("the object was replaced while it was read")

// unchanged passes an answer on that is of the object of a generation; 0 is any.
func unchanged(r io.ReadCloser, now found, generation int64) (io.ReadCloser, error) {
	if generation != 0 && now.attributes().Generation != generation {
		return nil, errors.Join(fmt.Errorf("%w", errReplaced), r.Close())
	}
	return r, nil
}
