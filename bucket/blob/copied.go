package blob

import (
	"context"
	"errors"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
)

// copied is a store whose objects are written under hidden keys and copied to
// their names by the service itself, at once.
//
// A copy that a dying process has asked for may take effect after the question
// whether it has; the services have no call that could be taken back for good.
type copied struct{ *shelf }

var _ driver.Store = copied{}

// Ahead implements driver.Store: an object is written in order.
func (s copied) Ahead() int { return 0 }

// Begin implements driver.Store.
func (s copied) Begin(ctx context.Context, a driver.Attempt) (driver.Upload, error) {
	writing, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	w, err := s.objects.create(writing, hidden(a), contentType(a.Place.Key), metaOf(a))
	if err != nil {
		stop(nil)
		return nil, err
	}
	return &copiedUpload{store: s, attempt: a, to: w, stop: stop}, nil
}

type copiedUpload struct {
	store   copied
	attempt driver.Attempt
	to      io.WriteCloser
	stop    context.CancelCauseFunc // leaves no object
	size    int64
	closed  bool
}

// Body implements driver.Upload.
func (u *copiedUpload) Body(ctx context.Context) audio.ZeroWriter { return copiedBody{u, ctx} }

type copiedBody struct {
	*copiedUpload
	ctx context.Context
}

func (b copiedBody) Write(p []byte) (int, error) {
	// A service that does not answer is left when the context ends.
	defer context.AfterFunc(b.ctx, func() { b.stop(context.Cause(b.ctx)) })()
	n, err := b.to.Write(p)
	b.size += int64(n)
	if cause := context.Cause(b.ctx); cause != nil {
		return n, cause
	}
	return n, err
}

// WriteZeros implements audio.ZeroWriter.
func (b copiedBody) WriteZeros(n int64) error { return writeZeros(b, n) }

// writeZeros writes zeros, which no object store takes by their number.
func writeZeros(w io.Writer, n int64) error {
	return audio.WriteZeros(struct{ io.Writer }{w}, n)
}

// Seal implements driver.Upload.
func (u *copiedUpload) Seal(ctx context.Context, head []byte) (driver.Receipt, error) {
	if len(head) > 0 {
		return driver.Receipt{}, errors.New("this store has no room for a head that comes last")
	}
	defer context.AfterFunc(ctx, func() { u.stop(context.Cause(ctx)) })()
	u.closed = true
	err := u.to.Close()
	u.stop(nil)
	if err != nil {
		return driver.Receipt{}, errors.Join(context.Cause(ctx), err)
	}
	return u.receipt(), nil
}

func (u *copiedUpload) receipt() driver.Receipt {
	return driver.Receipt{Attempt: u.attempt, Kind: u.store.Kind(), Size: u.size}
}

// Abort implements driver.Upload.
func (u *copiedUpload) Abort(ctx context.Context) error {
	u.stop(context.Canceled)
	if !u.closed {
		u.closed = true
		_ = u.to.Close() // whose error is that it was stopped
	}
	return u.store.Abort(ctx, u.receipt())
}

// Commit implements driver.Store.
func (s copied) Commit(ctx context.Context, r driver.Receipt) error {
	if err := s.objects.copy(ctx, r.Place.Key, hidden(r.Attempt)); err != nil {
		return s.failed(ctx, r, err)
	}
	return s.remove(ctx, hidden(r.Attempt))
}

// failed finds out what the error of a commit means: the object may show, by this
// call or an earlier one, or what was sealed may be gone.
func (s copied) failed(ctx context.Context, r driver.Receipt, err error) error {
	shown, unread := s.shows(ctx, r)
	if unread != nil {
		return errors.Join(err, unread)
	}
	if shown {
		return nil
	}
	if _, missing := s.objects.head(ctx, hidden(r.Attempt)); driver.ClassOf(missing) == driver.Gone {
		return gone(r, err)
	}
	return err
}

// Committed implements driver.Store. Once the hidden object is removed no copy
// begins.
func (s copied) Committed(ctx context.Context, r driver.Receipt) (bool, error) {
	shown, err := s.shows(ctx, r)
	if err == nil && !shown {
		if err = s.remove(ctx, hidden(r.Attempt)); err == nil {
			shown, err = s.shows(ctx, r) // a copy may have come before the removal
		}
	}
	return shown && err == nil, err
}

// Abort implements driver.Store.
func (s copied) Abort(ctx context.Context, r driver.Receipt) error {
	return s.remove(ctx, hidden(r.Attempt))
}

// Discard implements driver.Store.
func (s copied) Discard(ctx context.Context, operation string) error {
	return s.each(ctx, operation, func(key string) error { return s.remove(ctx, key) })
}
