package bucket

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Upload is one object that is being staged, with its captions. One goroutine
// at a time uses it. It ends with Commit or Discard, either of which may follow
// Seal.
type Upload struct {
	store    *Store
	attempt  driver.Attempt
	object   driver.Upload
	captions []captionFile
	sealed   sealed
	leave    func() // gives the place of a head start back; nil for others
}

// captionFile is a small object that is shown together with the one it captions.
type captionFile struct {
	upload driver.Upload
	out    *bufio.Writer
}

// Stage starts the outcome of operation id, to become object o.
func (s *Store) Stage(ctx context.Context, id string, o Object) (*Upload, error) {
	return s.stage(ctx, id, o, 0)
}

// StageAhead is Stage for an object of which head bytes at its start are told at
// the end only, by Seal. It returns nil if the object's store does not take
// such, or has as many of them as it can hold open.
func (s *Store) StageAhead(ctx context.Context, id string, o Object, head int) (*Upload, error) {
	leave, ok := s.ahead.enter(s.at(o))
	if !ok {
		return nil, nil
	}
	u, err := s.stage(ctx, id, o, head)
	if err != nil {
		leave()
		return nil, err
	}
	u.leave = leave
	return u, nil
}

func (s *Store) stage(ctx context.Context, id string, o Object, head int) (*Upload, error) {
	d, place := s.at(o)
	attempt := driver.Attempt{Operation: id, Number: newNumber(), Place: place, Head: head}
	upload, err := d.Begin(ctx, attempt)
	if err != nil {
		return nil, err
	}
	return &Upload{store: s, attempt: attempt, object: upload}, nil
}

// numberLength is the length of what newNumber returns.
const numberLength = 13

// newNumber tells an attempt from all others, of other processes too.
func newNumber() string { return strings.ToLower(rand.Text()[:numberLength]) }

// Body is where the bytes after the head go, in order. Its writes end with the
// cause of ctx soon after that ends.
func (u *Upload) Body(ctx context.Context) audio.ZeroWriter { return u.object.Body(ctx) }

// Captions adds a file of captions, which will be shown beside the object
// ([Object.Beside]) once that is. It is written before Seal.
func (u *Upload) Captions(ctx context.Context, extension string) (io.Writer, error) {
	d, place := u.store.at(u.attempt.Place.Object.Beside(extension))
	upload, err := d.Begin(ctx, driver.Attempt{
		Operation: u.attempt.Operation, Number: u.attempt.Number, Suffix: extension, Place: place, Owner: u.attempt.Place.Object,
	})
	if err != nil {
		return nil, err
	}
	c := captionFile{upload, bufio.NewWriterSize(upload.Body(ctx), 64<<10)}
	u.captions = append(u.captions, c)
	return c.out, nil
}

// Seal makes what was written durable, still unseen: the captions, then the
// object. head are the bytes that StageAhead has left room for. No write follows.
func (u *Upload) Seal(ctx context.Context, head []byte) error {
	defer u.left()
	for _, c := range u.captions {
		if err := c.out.Flush(); err != nil {
			return err
		}
		receipt, err := c.upload.Seal(ctx, nil)
		if err != nil {
			return err
		}
		u.sealed.Captions = append(u.sealed.Captions, receipt)
	}
	receipt, err := u.object.Seal(ctx, head)
	u.sealed.Object = receipt
	return err
}

// Receipt tells the sealed outcome from every other one, for [Store.Committed].
func (u *Upload) Receipt() []byte { return u.sealed.bytes() }

// Commit shows the sealed object, replacing one of the same name, and then its
// captions. The error is an [UnshownError] if only captions could not be shown, and
// a fault of FAILED_PRECONDITION, as Check's, if something has come into the way
// meanwhile.
func (u *Upload) Commit(ctx context.Context) error {
	d, _ := u.store.at(u.attempt.Place.Object)
	if err := d.Commit(ctx, u.sealed.Object); err != nil {
		return err
	}
	return u.store.showCaptions(ctx, u.sealed)
}

// discardTime is how long a store may take to drop an upload. What it does not
// drop then goes with its operation.
const discardTime = time.Minute

// Discard drops the staged object and its captions, whether or not ctx has
// ended.
func (u *Upload) Discard(ctx context.Context) error {
	defer u.left()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardTime)
	defer cancel()
	err := u.object.Abort(ctx)
	for _, c := range u.captions {
		err = errors.Join(err, c.upload.Abort(ctx))
	}
	return err
}

// left is called at the end of the writing, and may be again.
func (u *Upload) left() {
	if u.leave != nil {
		u.leave()
		u.leave = nil
	}
}

// Committed reports whether the outcome of operation id that has this receipt
// is what object o is now. If it is, captions that are still unseen are shown;
// the error may be an [UnshownError] then. If it is not, it never will be. An
// empty receipt is of no outcome.
func (s *Store) Committed(ctx context.Context, id string, o Object, receipt []byte) (bool, error) {
	if len(receipt) == 0 {
		return false, nil
	}
	d, place := s.at(o)
	sealed, err := s.readReceipt(id, place, receipt)
	if err != nil {
		return false, err
	}
	if sealed.Object.Kind != d.Kind() {
		return false, fmt.Errorf("%s was sealed in a store of the kind %s and its bucket is mapped to one of the kind %s now; map it as it was", o, sealed.Object.Kind, d.Kind())
	}
	committed, err := d.Committed(ctx, sealed.Object)
	if err != nil || !committed {
		return false, err
	}
	return true, s.showCaptions(ctx, sealed)
}

// UnshownError says that an object is shown, and which of its captions could
// not be.
type UnshownError struct {
	Captions []Object
	cause    error
}

func (e *UnshownError) Error() string {
	return fmt.Sprintf("%v cannot be shown beside the object: %v", e.Captions, e.cause)
}
func (e *UnshownError) Unwrap() error { return e.cause }

// showCaptions shows all captions of an object that is shown. It goes on
// where a crash has interrupted it. What cannot be shown stays staged, for
// Discard.
func (s *Store) showCaptions(ctx context.Context, sealed sealed) error {
	var unshown UnshownError
	for _, r := range sealed.Captions {
		beside := r.Place.Object
		err := s.checkCaptions(ctx, r.Owner, beside)
		if err == nil {
			d, _ := s.at(beside)
			err = d.Commit(ctx, r)
		}
		if sealed.old && (ClassOf(err) == Gone || fault.Is(err, fault.FailedPrecondition)) {
			continue // there may never have been one
		}
		if err != nil {
			unshown.Captions = append(unshown.Captions, beside)
			unshown.cause = errors.Join(unshown.cause, err)
		}
	}
	if unshown.cause != nil {
		return &unshown
	}
	return nil
}
