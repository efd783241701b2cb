package bucket

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Attributes are what is known of an object that shows.
type Attributes = driver.Attributes

// Reader is an open object, for one goroutine, which closes it.
type Reader = driver.Reader

// Stat tells of an object. The error is NOT_FOUND if none shows.
func (s *Store) Stat(ctx context.Context, o Object) (Attributes, error) {
	d, place := s.at(o)
	a, err := d.Stat(ctx, place)
	return a, told(o, err)
}

// Open opens an object; ctx is for the reads, too. The error is NOT_FOUND if none
// shows.
func (s *Store) Open(ctx context.Context, o Object) (Reader, error) {
	d, place := s.at(o)
	r, err := d.Open(ctx, place)
	return r, told(o, err)
}

// told gives an error about an object a sentence for clients.
func told(o Object, err error) error {
	switch {
	case err == nil, errors.As(err, new(*fault.Error)):
		return err
	case ClassOf(err) == Gone, ClassOf(err) == NoBucket:
		return NoSuchObject(o)
	case ClassOf(err) == Full:
		return fault.New(fault.ResourceExhausted, "The store of the objects takes no more. Make room there and try again.").Because(err)
	case ClassOf(err) == Denied:
		return fault.New(fault.FailedPrecondition, "The server may not do this in the store of the objects. Its log says which store refused.").Because(err)
	}
	return fault.New(fault.Unavailable, "The store of the objects cannot be reached at the moment. Try again later.").Because(err)
}

// A Condition looks at what shows under a name, nil if nothing does, before that is
// replaced or removed: its error is returned instead.
type Condition func(now *Attributes) error

// Remove removes an object if the condition lets it. The error is NOT_FOUND if none
// shows, and ABORTED if an operation under way writes one of this name.
func (s *Store) Remove(ctx context.Context, o Object, may Condition) error {
	release, err := s.change(ctx, o)
	if err != nil {
		return err
	}
	defer release()
	a, err := s.Stat(ctx, o)
	if err != nil {
		return err
	}
	if err := may(&a); err != nil {
		return err
	}
	d, place := s.at(o)
	return told(o, d.Remove(ctx, place))
}

// Listing is what List shall tell of a bucket; names are those of objects.
type Listing struct {
	Prefix  string
	Folders bool   // what has a slash behind Prefix is one entry, up to that slash
	From    string // the least name
	After   string // the last entry already told
	Limit   int    // of entries, positive
}

// Entry is an object, or a folder of objects, whose Name ends with a slash.
type Entry struct {
	Object
	Attributes
	Folder bool
}

// List lists a bucket's objects in the order of the bytes of their names. next is the
// After of the next page, empty behind the last. Files whose names no object can have
// are left out, so that a page may have less than Limit entries.
func (s *Store) List(ctx context.Context, bucket string, l Listing) (entries []Entry, next string, err error) {
	d, top := s.at(Object{Bucket: bucket})
	below := func(name string) string {
		if name == "" {
			return ""
		}
		return top.Key + name
	}
	found, err := d.List(ctx, driver.Listing{
		Prefix: top.Key + l.Prefix, Folders: l.Folders, From: below(l.From), After: below(l.After), Limit: l.Limit,
	})
	if err != nil {
		return nil, "", told(Object{Bucket: bucket, Name: l.Prefix}, err)
	}
	for _, e := range found {
		o := Object{Bucket: bucket, Name: strings.TrimPrefix(e.Key, top.Key)}
		if _, err := ParseURI(strings.TrimSuffix(o.String(), "/")); err == nil {
			entries = append(entries, Entry{Object: o, Attributes: e.Attributes, Folder: e.IsFolder()})
		}
	}
	if len(found) == l.Limit {
		next = strings.TrimPrefix(found[l.Limit-1].Key, top.Key)
	}
	return entries, next, nil
}

// HasBucket reports whether a bucket is there: it was made, has an object, or is
// mapped.
func (s *Store) HasBucket(ctx context.Context, name string) (bool, error) {
	if s.mapped[name] != nil || !validBucket(name) {
		return s.mapped[name] != nil, nil
	}
	there, err := s.all.Bucket(ctx, name)
	return there, told(Object{Bucket: name}, err)
}

// Buckets are at most limit of the buckets, by name, from the first after after.
func (s *Store) Buckets(ctx context.Context, after string, limit int) ([]string, error) {
	names, err := s.all.Buckets(ctx, after, limit+len(s.mapped))
	for name := range maps.Keys(s.mapped) {
		if name > after {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return !validBucket(name) })
	return names[:min(limit, len(names))], told(Object{}, err)
}

// MakeBucket makes a bucket. The error is INVALID_ARGUMENT if none can have the name,
// and ALREADY_EXISTS.
func (s *Store) MakeBucket(ctx context.Context, name string) error {
	if !validBucket(name) {
		return fault.New(fault.InvalidArgument, "%s cannot be a bucket's name: it has 3 to 63 lower-case letters, digits, dots, hyphens and underscores, and starts and ends with a letter or a digit.", quote(name))
	}
	switch there, err := s.HasBucket(ctx, name); {
	case err != nil:
		return err
	case there:
		return fault.New(fault.AlreadyExists, "The bucket %q is there already.", name)
	}
	return told(Object{Bucket: name}, s.all.MakeBucket(ctx, name))
}

// RemoveBucket removes a bucket. The error is NOT_FOUND if there is none,
// FAILED_PRECONDITION if it has objects or the server's settings name it, and ABORTED
// if an operation under way writes into it.
func (s *Store) RemoveBucket(ctx context.Context, name string) error {
	switch there, err := s.HasBucket(ctx, name); {
	case err != nil:
		return err
	case !there:
		return NoSuchBucket(name)
	case s.mapped[name] != nil:
		return fault.New(fault.FailedPrecondition, "The bucket %q belongs to the server's settings (--map) and stays.", name)
	}
	release, err := s.hold(ctx, Name{Path: name, Use: "removal"})
	switch {
	case errors.Is(err, ErrTaken):
		return fault.New(fault.Aborted, "An operation under way writes into the bucket %q; wait for its end, or cancel it.", name)
	case err != nil:
		return err
	}
	defer release()
	return told(Object{Bucket: name}, s.all.RemoveBucket(ctx, name))
}

// NoSuchObject is the fault of an object that is not there.
func NoSuchObject(o Object) error { return fault.New(fault.NotFound, "There is no object %q.", o) }

// NoSuchBucket is the fault of a bucket that is not there.
func NoSuchBucket(name string) error {
	return fault.New(fault.NotFound, "There is no bucket %q.", cmp.Or(name, "without a name"))
}

// Path is the file of an object, if it stands in a directory of this machine. It may
// not be there.
func (s *Store) Path(o Object) (path string, ok bool) {
	d, place := s.at(o)
	if onDisk, ok := d.(interface{ Path(key string) string }); ok {
		return onDisk.Path(place.Key), true
	}
	return "", false
}
