package driver

import (
	"context"
	"io"
	"time"
)

// Shown is what can be done with objects that show, however they came to. Nothing
// hidden is ever seen by it. Errors about an object that does not show are of class
// Gone.
type Shown interface {
	// Stat tells of the object at p.
	Stat(ctx context.Context, p Place) (Attributes, error)

	// Open opens the object at p. What is read is of that one, or an error, though
	// another may replace it meanwhile. ctx is for the reads, too.
	Open(ctx context.Context, p Place) (Reader, error)

	// List lists what shows, in the order of the bytes of its keys. It needs no more
	// memory than for a few pages, however much shows.
	List(ctx context.Context, l Listing) ([]Entry, error)

	// Remove removes the object at p, whole and at once.
	Remove(ctx context.Context, p Place) error
}

// Buckets are the first parts of the keys of a store that has more than one bucket.
// A bucket is there once it was made or has an object, until it is removed.
type Buckets interface {
	// Bucket reports whether a bucket is there.
	Bucket(ctx context.Context, name string) (there bool, err error)
	// Buckets are at most limit of them, by name, from the first after after.
	Buckets(ctx context.Context, after string, limit int) ([]string, error)
	// MakeBucket makes one, whether or not it is there.
	MakeBucket(ctx context.Context, name string) error
	// RemoveBucket removes one that may be gone. It fails with a fault of
	// FAILED_PRECONDITION if the bucket has objects.
	RemoveBucket(ctx context.Context, name string) error
}

// Attributes are what is known of an object that shows.
type Attributes struct {
	// Size is its length in bytes.
	Size int64
	// Changed is when it was written.
	Changed time.Time
	// Generation is positive and tells the object from the others that have had
	// its name or will. It is at most 1<<53, which every client's numbers hold.
	Generation int64
}

// Reader is an open object, for one goroutine.
type Reader interface {
	// ReadAt reads a range, as io.ReaderAt does. It is quick where ranges follow
	// each other.
	io.ReaderAt
	Attributes() Attributes
	Close() error
}

// Listing is what List shall tell.
type Listing struct {
	// Prefix is what the keys begin with.
	Prefix string
	// Folders has all keys that have a slash behind Prefix be one entry, up to that
	// slash.
	Folders bool
	// From, when not empty, is the least of the keys.
	From string
	// After, when not empty, is the last entry already told: its key.
	After string
	// Limit is how many entries are told at most; it is positive.
	Limit int
}

// Entry is an object, or a folder of objects.
type Entry struct {
	// Key is the object's, or that of the folder, which ends with a slash.
	Key string
	// Attributes are the object's; zero for a folder.
	Attributes
}

// IsFolder reports whether the entry is one.
func (e Entry) IsFolder() bool { return e.Key[len(e.Key)-1] == '/' }
