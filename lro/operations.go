package lro

import (
	"context"
	"errors"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// cancelMessage is the error message of a cancelled operation.
const cancelMessage = "Operation was cancelled."

// find returns the operation that a caller names, if it may see it.
func (m *Manager) find(ctx context.Context, name string) (driver.Operation, error) {
	parent, id, err := parseName(name)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := m.store.Get(ctx, id)
	switch {
	case errors.Is(err, driver.ErrNotFound):
		return driver.Operation{}, notFound(name)
	case err != nil:
		return driver.Operation{}, storeFault(err)
	case op.Owner != m.owner(ctx), !m.sees(ctx).has(op.Parent), op.Hidden, op.Expired, parent != "" && parent != op.Parent:
		return driver.Operation{}, notFound(name)
	}
	return op, nil
}

// GetOperation returns an operation as it stands.
//
// Errors: INVALID_ARGUMENT for what cannot be a name; NOT_FOUND if there is no
// such operation, or it is another owner's, out of sight, deleted or expired.
func (m *Manager) GetOperation(ctx context.Context, r *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	op, err := m.find(ctx, r.GetName())
	if err != nil {
		return nil, err
	}
	return m.message(op), nil
}

// CancelOperation ends an operation that is queued or running: when it has
// returned, the operation is done with the error code CANCELLED, and the work
// stops as a consequence. An operation that is done is left as it is. Past the
// point of no return the cancel is remembered: it takes effect if the outcome
// cannot be made visible and the work would begin anew. Neither is an error.
//
// Errors: as [Manager.GetOperation]; UNAVAILABLE if the store cannot write.
func (m *Manager) CancelOperation(ctx context.Context, r *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	parent, id, err := parseName(r.GetName())
	if err != nil {
		return nil, err
	}
	// Most cancels are of what runs and is the caller's: one question is enough then.
	e := m.cancelling(Running)
	e.Wish = true
	e.By = &driver.Caller{Owner: m.owner(ctx), Parent: parent, Under: m.sees(ctx).under()}
	_, won, unwritten := m.store.End(ctx, id, e)
	if won {
		m.ended(id)
		return &emptypb.Empty{}, nil
	}
	// If the store has not said whether it is done, it may be all the same; then nobody
	// should hear otherwise.
	op, err := m.find(context.WithoutCancel(ctx), r.GetName())
	switch {
	case unwritten != nil && (err != nil || !State(op.State).Done()):
		return nil, storeFault(unwritten)
	case err != nil:
		return nil, err
	case unwritten != nil:
		m.ended(id)
	}
	return &emptypb.Empty{}, nil
}

// cancelling is the outcome of a cancel.
func (m *Manager) cancelling(from State) driver.Ending {
	return m.ending(from, Cancelled, fault.New(fault.Canceled, cancelMessage))
}

// DeleteOperation tells that the client has no more interest in an operation:
// from now on it is NOT_FOUND. It does not cancel: work under way goes on.
//
// Errors: as [Manager.GetOperation]; UNAVAILABLE if the store cannot write.
func (m *Manager) DeleteOperation(ctx context.Context, r *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	op, err := m.find(ctx, r.GetName())
	if err != nil {
		return nil, err
	}
	hidden, err := m.store.Hide(ctx, op.ID)
	if err != nil {
		if now, unread := m.store.Get(context.WithoutCancel(ctx), op.ID); unread != nil || !now.Hidden {
			return nil, storeFault(err)
		}
		hidden = true // though the store did not say so
	}
	if !hidden {
		return nil, notFound(r.GetName())
	}
	m.watch.notify(op.ID)
	return &emptypb.Empty{}, nil
}

// ending is an outcome. f is nil for success.
func (m *Manager) ending(from, to State, f *fault.Error) driver.Ending {
	e := driver.Ending{From: driver.State(from), To: driver.State(to), Keep: m.retention}
	if f != nil {
		e.ErrorCode, e.ErrorMessage = int32(f.Code), f.Public()
	}
	return e
}

// ended tells everybody in this process that an operation is over.
func (m *Manager) ended(id string) {
	m.running.cancel(id, ErrCancelled)
	m.forget(id)
	m.watch.notify(id)
}

// tellIfDone is ended, for when it is not known whether an end was written. It
// reports whether the operation is over.
func (m *Manager) tellIfDone(ctx context.Context, id string) bool {
	op, err := m.store.Get(ctx, id)
	over := errors.Is(err, driver.ErrNotFound) || err == nil && State(op.State).Done()
	if over {
		m.ended(id)
	}
	return over
}

// storeFault is what a client reads of a store's error.
func storeFault(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.From(err)
	}
	return fault.New(fault.Unavailable, "Operations cannot be read or written at the moment. Try again later.").Because(err)
}
