package lro

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

const (
	// maxFailures is how many attempts at a task may fail before its
	// operation does.
	maxFailures = 3
	// maxCrashes is how many processes may die at a task before its operation
	// fails: what kills the server must not kill it for ever. It is generous,
	// since most that dies with a server is innocent.
	maxCrashes = 10
	// maxRedos is how often shards of an operation may be asked for again.
	maxRedos = 3
	// maxLater is how often a task may be tried again because of [Later]: with the
	// pauses between the tries, about an hour.
	maxLater = 900
)

// errStalled is the cause of the context of a shard that gives no sign of life.
var errStalled = errors.New("no sign of life")

// attempt is one attempt at a task of an operation.
type attempt struct {
	*station
	task  driver.Task
	kind  Kind
	seat  seat
	trace *slog.Logger
	over  bool // the store knows that this attempt has ended
}

// do works on a task that was claimed, and sees to it that the store knows when
// nothing of it is under way any more.
func (a *attempt) do(ctx context.Context) {
	err := a.attend(ctx)
	switch {
	case a.over || lostLease(a.ctx):
	case err != nil && a.ctx.Err() == nil:
		_ = a.again(a.ctx, err, 0)
	default:
		if err := a.persist(a.ctx, "handing a task back", func(ctx context.Context) error {
			_, err := a.store.Release(ctx, a.task.Token)
			return err
		}); err != nil {
			a.trace.Warn("handing a task back", "error", err)
		}
	}
}

// attend does what the task is for. After an error it comes again.
func (a *attempt) attend(ctx context.Context) error {
	switch {
	case a.task.Role == driver.Discard:
		return a.discard(ctx)
	case a.task.State == driver.Finalizing:
		return a.finish(ctx)
	case a.kind == nil:
		return a.fail(ctx, fault.New(fault.Unimplemented, "This server does not do operations of the kind %q any more.", a.task.Kind))
	case a.task.Abandoned:
		return a.fail(ctx, fault.New(fault.Unimplemented, "No server is able to do this operation any more: it needs %s.", strings.Join(a.task.Needs, ", ")))
	case a.task.Role == driver.Finish:
		return a.finish(ctx)
	}
	return a.shard(ctx)
}

// unlessCancelled is what becomes of work whose context has ended before
// anything was kept: after a cancel nobody needs it; else it comes again.
func unlessCancelled(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ErrCancelled) {
		return cause
	}
	return nil
}

// shard runs one shard and keeps its result.
func (a *attempt) shard(ctx context.Context) error {
	if a.task.Crashes >= maxCrashes {
		return a.fail(ctx, a.crashed())
	}
	// What the turn has cost in time does not count: the limit begins here.
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	limit := time.AfterFunc(a.patience, func() { stop(errStalled) })
	defer limit.Stop()
	a.seat.rest, a.seat.beat = func() { limit.Stop() }, func() { limit.Reset(a.patience) }
	course, over := a.courses.begin(a.task, 0)
	defer over()
	var result []byte
	err := a.guard(func() (err error) {
		result, err = a.kind.Run(context.WithValue(work, seatKey{}, &a.seat), Shard{
			Work:    a.work(),
			Index:   a.task.Index,
			Count:   a.task.Shards,
			Payload: a.task.Payload,
			Epoch:   a.task.Epoch,
			Beat:    a.seat.beat,
			Progress: func(share float64) {
				a.seat.beat()
				course.tell(share)
			},
		})
		return err
	})
	if err != nil {
		return a.failed(work, err)
	}
	err = a.persist(ctx, "keeping a result", func(ctx context.Context) (err error) {
		a.over, err = a.store.Complete(ctx, a.task.Token, result)
		return err
	})
	return a.orFail(ctx, err)
}

// orFail fails the operation for an error of the store that trying again does
// not mend, and passes any other through.
func (a *attempt) orFail(ctx context.Context, err error) error {
	if refused, ok := errors.AsType[refusedError](err); ok {
		return a.fail(ctx, fault.From(refused.err))
	}
	return err
}

func (a *attempt) work() Work {
	return Work{ID: a.task.Op, Parent: a.task.Parent, Owner: a.task.Owner, Request: a.task.Request}
}

// guard turns a panic of a Kind into an error, with its stack in the log.
func (a *attempt) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.trace.Error("panic in an operation", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// failed decides what follows an error of Run or Finish: nothing after a
// cancel, another node after a stop, another attempt after a failure, and
// the operation's failure after the last.
func (a *attempt) failed(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, ErrCancelled):
		return nil
	case errors.Is(cause, ErrStopping), errors.Is(cause, ErrLost):
		return cause
	case errors.Is(cause, errStalled):
		err = fault.New(fault.DeadlineExceeded, "A part of the operation came to a standstill: nothing happened for %s.", a.patience).Because(err)
	case errors.Is(cause, context.DeadlineExceeded):
		err = fault.New(fault.DeadlineExceeded, "The operation's last step took longer than this server allows.").Because(err)
	case isLater(err) && a.task.Tries < maxLater:
		a.trace.Info("an operation waits", "for", err)
		return a.again(ctx, err, 0)
	}
	if shards, ok := AsRedo(err); ok && a.task.Role == driver.Finish {
		return a.redo(ctx, err, shards)
	}
	a.trace.Warn("attempt failed", "error", err, "failures", a.task.Failures+1)
	if isPermanent(err) || a.task.Failures+1 >= maxFailures {
		return a.fail(ctx, fault.From(err))
	}
	return a.again(ctx, err, 1)
}

// again has the task come again after err, which counts as so many failures.
func (a *attempt) again(ctx context.Context, err error, failures int) error {
	pause := backOff(a.task.Role, a.task.Tries)
	stop := a.persist(ctx, "counting a failure", func(ctx context.Context) (err error) {
		a.over, err = a.store.Retry(ctx, a.task.Token, failures, pause)
		return err
	})
	if stop != nil {
		return stop
	}
	time.AfterFunc(pause, a.ring)
	return err
}

// redo gives up the results of some shards, which are of no use any more.
func (a *attempt) redo(ctx context.Context, err error, shards []int) error {
	inRange := len(shards) > 0 && shards[0] >= 0 && shards[len(shards)-1] < a.task.Shards
	if a.task.Redos >= maxRedos || !inRange {
		return a.fail(ctx, fault.From(err))
	}
	a.trace.Warn("parts of an operation are done again", "error", err, "parts", len(shards), "times", a.task.Redos+1)
	return a.orFail(ctx, a.persist(ctx, "giving up results", func(ctx context.Context) (err error) {
		a.over, err = a.store.Redo(ctx, a.task.Token, shards)
		return err
	}))
}

// fail ends the operation with f, if this attempt still holds its task.
func (a *attempt) fail(ctx context.Context, f *fault.Error) error {
	if f.Code == fault.Canceled {
		// The code belongs to operations that somebody cancelled.
		f = fault.New(fault.Internal, "%s", f.Message).Because(f)
	}
	e := a.ending(Running, Failed, f)
	e.Fence = &a.task.Token
	return a.end(ctx, e)
}

// end writes an outcome under this attempt's fence.
func (a *attempt) end(ctx context.Context, e driver.Ending) error {
	won := false
	err := a.persist(ctx, "ending an operation", func(ctx context.Context) (err error) {
		_, won, err = a.store.End(ctx, a.task.Op, e)
		return err
	})
	if won {
		a.over = true
		a.ended(a.task.Op)
		return nil
	}
	// Another end has won, or this one in a try whose answer was lost. Nothing
	// has ended if it is past the point of no return, unknown to this attempt.
	if a.tellIfDone(context.WithoutCancel(ctx), a.task.Op) {
		return nil
	}
	if err != nil {
		return err
	}
	return errNotOver
}

// errNotOver has a task come again whose operation is in another state than the
// attempt thought.
var errNotOver = errors.New("the operation has neither ended nor can it be ended like this")

func (a *attempt) crashed() *fault.Error {
	part := fmt.Sprintf("part %d of %d", a.task.Index+1, a.task.Shards)
	if a.task.Role == driver.Finish {
		part = "its last step"
	}
	return fault.New(fault.Internal, "The server died %d times while it worked on %s, so the operation was given up.", a.task.Crashes, part)
}

// refusedError is an error of the store that the same write always brings.
type refusedError struct{ err error }

func (e refusedError) Error() string { return e.err.Error() }
func (e refusedError) Unwrap() error { return e.err }

// persist writes until the store takes it: a store that is full or gone for a
// while makes operations wait, not fail. It tries at least once, with a
// context that no cancel reaches, and gives up only when ctx has ended, or with
// a refusedError when trying again is of no use.
func (m *Manager) persist(ctx context.Context, what string, write func(context.Context) error) error {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := write(context.WithoutCancel(ctx))
		if err == nil {
			return nil
		}
		if !m.store.Transient(err) {
			m.log.Error("the operation store refuses a write", "doing", what, "error", err)
			return refusedError{err}
		}
		m.log.Warn("the operation store does not answer; trying again", "doing", what, "error", err, "pause", pause)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return unlessCancelled(ctx)
		}
	}
}
