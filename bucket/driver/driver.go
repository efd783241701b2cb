// Package driver is what the author of a store of objects implements: a
// directory, an object store. Prove an implementation with buckettest.Run.
// Applications use package bucket.
//
// An object shows in two steps. [Store.Begin], the writes and [Upload.Seal] make
// it whole and durable without showing it; [Store.Commit] shows it. Seal gives a
// [Receipt] of plain values that is kept elsewhere, so that another process, on
// another machine, can commit the object, ask for it or drop it.
//
// Processes die between any two calls, and some only seem to: one that was
// thought dead may wake up and go on. Each attempt at an object is apart from
// all others, so that a late one spoils nothing.
package driver

import (
	"context"

	"github.com/lectern/lectern/audio"
)

// Store is where objects stand. Its methods may be called by many goroutines,
// and by many processes that have the same store open.
//
// Errors that have a [Class] are told with it. Faults (fault.Error) among them
// have a sentence for clients.
type Store interface {
	// Kind names the driver in receipts. It must stay the same for ever.
	Kind() string

	// Check reports whether an object could stand at p as things are; why not is
	// a fault of FAILED_PRECONDITION that quotes the object's URI. It is asked
	// for every request, so it asks no server.
	Check(ctx context.Context, p Place) error

	// Belongs tells whether anything is shown at p, and whether that was
	// committed as captions of owner.
	Belongs(ctx context.Context, p Place, owner Object) (shown, belongs bool, err error)

	// Ahead is how many uploads may be begun before their heads are known, and
	// be open at once. With 0 every object is written from its first byte.
	Ahead() int

	// Begin starts an attempt at an object. It may drop what earlier attempts of
	// the same operation at the same object have not shown: whoever begins is
	// the one whose turn it is. ctx is for the call.
	Begin(ctx context.Context, a Attempt) (Upload, error)

	// Commit shows the object of a receipt, whole and at once, in place of
	// another that stands there. It is idempotent and may be called by any
	// process. An error says nothing of the effect, but for one of class Gone:
	// what was sealed is not there any more.
	Commit(ctx context.Context, r Receipt) error

	// Committed reports whether the object of a receipt is the one that shows.
	// It goes by identity: another object of the same name and bytes is none. If
	// it is not, nor ever will be: false drops what was sealed, so that a Commit
	// that is still under way elsewhere fails.
	Committed(ctx context.Context, r Receipt) (bool, error)

	// Abort drops what an attempt has not shown. It is idempotent and does
	// nothing to an object that shows.
	Abort(ctx context.Context, r Receipt) error

	// Kept are the ids of operations of which anything unseen is there; Discard
	// drops all of one operation's.
	Kept(ctx context.Context) ([]string, error)
	Discard(ctx context.Context, operation string) error

	Shown
	Buckets

	// Probe reports whether objects can be written and removed here, by doing
	// so under a hidden name. Its error is a sentence for the operator.
	Probe(ctx context.Context) error

	Close() error
}

// Attempt is one attempt of an operation at one of its objects.
type Attempt struct {
	// Operation is the operation's id, [0-9a-z]+.
	Operation string `json:"operation"`
	// Number tells attempts of the operation at the same object apart, for
	// ever: [0-9a-z]+. It is empty in receipts of releases that knew one attempt
	// only.
	Number string `json:"number,omitempty"`
	// Suffix tells the operation's objects apart: "" or an extension.
	Suffix string `json:"suffix,omitempty"`
	Place  Place  `json:"place"`
	// Owner is the object whose captions these are; the zero Object for an
	// object of its own.
	Owner Object `json:"owner,omitzero"`
	// Head is how many bytes stand before the first that is written; Seal is
	// given them. It is 0 where Ahead is.
	Head int `json:"-"`
}

// Receipt is what any process needs to commit, find or drop an attempt.
type Receipt struct {
	Attempt
	Kind string `json:"kind"`
	// Size is the length of the sealed object in bytes.
	Size int64 `json:"size"`
	// Mark is the driver's own: what tells the sealed object from every other.
	Mark string `json:"mark,omitempty"`
}

// Upload is an object that is being written. One goroutine at a time uses it.
type Upload interface {
	// Body is where the bytes after the head go, in order. Its writes end with
	// the cause of ctx soon after that ends; the upload is then only fit for
	// Abort.
	Body(ctx context.Context) audio.ZeroWriter
	// Seal ends the writing and makes the object durable, still unseen. head
	// are the bytes before the body, as many as Begin was told.
	Seal(ctx context.Context, head []byte) (Receipt, error)
	// Abort drops the object instead, sealed or not. It is idempotent, and ctx
	// should not be one that a cancel has ended.
	Abort(ctx context.Context) error
}

// Scratch holds the pieces that objects are made of, by operation and name. A
// piece may be lost or damaged in a power cut, and its reader can tell. What
// holds for a Store's goroutines and processes holds here.
type Scratch interface {
	// Create makes a piece. The name must be new, or have been removed.
	Create(ctx context.Context, operation, name string) (Piece, error)
	// Open opens a piece that was closed by its writer, whichever process that
	// was in. The error is of class Gone if there is none. ctx is for the reads,
	// too.
	Open(ctx context.Context, operation, name string) (PieceReader, error)
	// Remove removes one piece; a missing one is no error.
	Remove(ctx context.Context, operation, name string) error
	// Kept and Discard are those of a Store.
	Kept(ctx context.Context) ([]string, error)
	Discard(ctx context.Context, operation string) error
	// Room is how many bytes can still be written where pieces are written
	// first, and how many could be in all; an error where that is not known.
	Room() (free, total int64, err error)
	Close() error
}

// Piece is a piece of scratch that is being written, by one goroutine.
type Piece interface {
	audio.ZeroWriter
	// Close ends the piece and lets others open it. If it fails there is none.
	Close() error
	// Abandon ends it instead of Close, and leaves nothing. After Close it does
	// nothing.
	Abandon() error
}

// PieceReader is an open piece, for one goroutine.
type PieceReader interface {
	// ReadAt reads a range. It is quick where ranges follow each other.
	ReadAt(p []byte, at int64) (int, error)
	Size() int64
	// Extent is where, from a byte on, there is data, and where that ends.
	// Everything before data is zeros.
	Extent(from int64) (data, end int64)
	// Done tells that the piece was read for the last time, as far as can be
	// foreseen.
	Done()
	Close() error
}
