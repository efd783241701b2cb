package lro

import (
	"context"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
)

// waitMargin is what is left of a caller's deadline to carry the answer.
const waitMargin = 50 * time.Millisecond

// WaitOperation returns an operation once it is done, or as it stands when the
// request's timeout or, a little before it, the caller's deadline has come, or
// the server stops. Without any of them it waits as long as the caller does.
//
// Errors: as [Manager.GetOperation], also if the operation is deleted
// meanwhile; INVALID_ARGUMENT for a negative timeout; CANCELLED if the caller
// went away.
func (m *Manager) WaitOperation(ctx context.Context, r *longrunningpb.WaitOperationRequest) (*longrunningpb.Operation, error) {
	var expired <-chan time.Time
	if patience, limited, err := waitTime(ctx, r); err != nil {
		return nil, err
	} else if limited {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		expired = timer.C
	}
	_, id, err := parseName(r.GetName())
	if err != nil {
		return nil, err
	}
	stops := m.stops()
	for {
		// Watching begins before reading, so that no change is missed.
		changed, end := m.watch.begin(id)
		op, err := m.find(ctx, r.GetName())
		if err != nil || State(op.State).Done() {
			end()
			if err != nil {
				return nil, err
			}
			return m.message(op), nil
		}
		select {
		case <-changed:
			end()
		case <-expired:
			end()
			return m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: r.GetName()})
		case <-stops:
			end()
			return m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: r.GetName()})
		case <-ctx.Done():
			end()
			return nil, fault.From(ctx.Err())
		}
	}
}

// waitTime is the shorter of the request's timeout and the caller's deadline.
func waitTime(ctx context.Context, r *longrunningpb.WaitOperationRequest) (patience time.Duration, limited bool, err error) {
	if t := r.GetTimeout(); t != nil {
		patience, limited = t.AsDuration(), true
		if patience < 0 || t.CheckValid() != nil {
			return 0, false, fault.Invalid("timeout", "The timeout must be a duration of zero or more.")
		}
	}
	if deadline, ok := ctx.Deadline(); ok {
		left := max(0, time.Until(deadline)-waitMargin)
		if !limited || left < patience {
			patience, limited = left, true
		}
	}
	return patience, limited, nil
}
