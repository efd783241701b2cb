package bucket

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
)

// Insertion is an object that is written from outside of any operation. It shows
// whole or not at all: [Insertion.Show] shows it. What a crash leaves before that is
// among [Store.Kept] a day later. One goroutine at a time uses it. It
// ends with Show or Discard.
type Insertion struct {
	store  *Store
	object Object
	upload *Upload
}

// insertionTime is how long an insertion may take, in whatever process: what is staged
// for longer was left by a crash.
const insertionTime = 24 * time.Hour

// insertionPrefix begins the ids of insertions, which go on with when they began, in
// seconds.
const insertionPrefix = "in"

// insertionID is the id under which an insertion is staged. It is shorter than those
// of operations.
func insertionID() string {
	return insertionPrefix + strconv.FormatInt(time.Now().Unix(), 36) + newNumber()
}

// isInserting reports whether an id is of an insertion that may be under way.
func isInserting(id string) bool {
	rest, ok := strings.CutPrefix(id, insertionPrefix)
	if !ok || len(id) >= operationID || len(rest) <= numberLength {
		return false
	}
	began, err := strconv.ParseInt(rest[:len(rest)-numberLength], 36, 64)
	return err == nil && time.Since(time.Unix(began, 0)) < insertionTime
}

// operationID is the length of an operation's id.
const operationID = 26

// Insert begins an object. The error is a fault of FAILED_PRECONDITION if it could not
// stand there, and ABORTED if an operation under way writes what is in its
// way; it may come into the way later as well.
func (s *Store) Insert(ctx context.Context, o Object) (*Insertion, error) {
	if err := s.Check(ctx, o); err != nil {
		return nil, err
	}
	release, err := s.change(ctx, o)
	if err != nil {
		return nil, err
	}
	release() // a slow sender keeps nobody from the name
	i := &Insertion{store: s, object: o}
	upload, err := s.Stage(ctx, insertionID(), o)
	if err != nil {
		return nil, told(o, err)
	}
	i.upload = upload
	return i, nil
}

// Body is where the bytes go. Its writes end soon after ctx does; the insertion is
// then only fit for Discard.
func (i *Insertion) Body(ctx context.Context) io.Writer {
	return insertionBody{i.object, i.upload.Body(ctx)}
}

type insertionBody struct {
	object Object
	to     io.Writer
}

func (b insertionBody) Write(p []byte) (int, error) {
	n, err := b.to.Write(p)
	return n, told(b.object, err)
}

// Show shows the object, in place of another if the condition lets it, and ends the
// insertion, whatever comes of it.
func (i *Insertion) Show(ctx context.Context, may Condition) (Attributes, error) {
	a, err := i.show(ctx, may)
	if err != nil {
		return a, errors.Join(err, i.Discard(ctx))
	}
	return a, nil
}

func (i *Insertion) show(ctx context.Context, may Condition) (Attributes, error) {
	if err := i.upload.Seal(ctx, nil); err != nil {
		return Attributes{}, told(i.object, err)
	}
	release, err := i.store.change(ctx, i.object)
	if err != nil {
		return Attributes{}, err
	}
	defer release()
	var now *Attributes
	switch a, err := i.store.Stat(ctx, i.object); {
	case err == nil:
		now = &a
	case !fault.Is(err, fault.NotFound):
		return Attributes{}, err
	}
	if err := may(now); err != nil {
		return Attributes{}, err
	}
	if err := i.upload.Commit(ctx); ClassOf(err) == Gone {
		return Attributes{}, fault.New(fault.Unavailable, "What was sent of %q is not there any more, as after the start of another server; send it again.", i.object).Because(err)
	} else if err != nil {
		return Attributes{}, told(i.object, err)
	}
	return i.store.Stat(ctx, i.object)
}

// Discard drops what was written, whether or not ctx has ended.
func (i *Insertion) Discard(ctx context.Context) error { return i.upload.Discard(ctx) }
