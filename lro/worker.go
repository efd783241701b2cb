package lro

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
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
	// maxLater is how many attempts of a job may end with [Later]: with the
	// pauses between them, about an hour.
	maxLater = 900
)

// errStalled is the cause of the context of a shard that gives no sign of life.
var errStalled = errors.New("no sign of life")

// attempt is one attempt at a task of an operation.
type attempt struct {
	*Manager
	job   driver.Job
	task  driver.Claim
	kind  Kind
	seat  seat
	trace *slog.Logger
}

// handle works on one job. The order of its steps makes a cancel certain:
// enter the registry, wait for a slot, claim, work, commit.
func (m *Manager) handle(ctx context.Context, j driver.Job) error {
	a := &attempt{Manager: m, job: j}
	a.trace = m.log.With("operation", j.Op, "task", j.Index, "job", j.Job, "attempt", j.Attempt)
	if j.Role == driver.Discard {
		return a.discard(ctx)
	}
	run, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer m.running.enter(j.Op, cancel)()

	a.seat.take = func(ctx context.Context) (leave func(), ok bool) { return m.turns.take(ctx, j) }
	leave, ok := a.seat.take(run)
	if !ok {
		return unlessCancelled(run)
	}
	a.seat.free = leave
	defer a.seat.end()
	if won, err := a.claim(run); err != nil || !won {
		return err
	}
	if a.task.State == driver.Finalizing {
		return a.finish(run)
	}
	if a.kind == nil {
		return a.fail(run, fault.New(fault.Unimplemented, "This server does not do operations of the kind %q any more.", a.task.Kind))
	}
	if j.Role == driver.Finish {
		return a.finish(run)
	}
	return a.shard(run)
}

// unlessCancelled is what becomes of a job whose context has ended before
// anything was claimed or kept: after a cancel nobody needs it; else it comes
// again.
func unlessCancelled(run context.Context) error {
	if cause := context.Cause(run); !errors.Is(cause, ErrCancelled) {
		return cause
	}
	return nil
}

// claim takes the task, and with it the right to write for it.
func (a *attempt) claim(run context.Context) (won bool, err error) {
	err = a.persist(run, "claiming a task", func(ctx context.Context) (err error) {
		a.task, won, err = a.store.Claim(ctx, a.job.Token)
		return err
	})
	a.kind = a.kinds[a.task.Kind]
	return won, err
}

// shard runs one shard and keeps its result.
func (a *attempt) shard(run context.Context) error {
	if a.task.Crashes >= maxCrashes {
		return a.fail(run, a.crashed())
	}
	// What the turn has cost in time does not count: the limit begins here.
	work, stop := context.WithCancelCause(run)
	defer stop(nil)
	limit := time.AfterFunc(a.patience, func() { stop(errStalled) })
	defer limit.Stop()
	a.seat.rest, a.seat.beat = func() { limit.Stop() }, func() { limit.Reset(a.patience) }
	var result []byte
	err := a.guard(func() (err error) {
		result, err = a.kind.Run(context.WithValue(work, seatKey{}, &a.seat), Shard{
			Work:    a.work(),
			Index:   a.job.Index,
			Count:   a.task.Shards,
			Payload: a.task.Payload,
			Job:     a.job.Job,
			Attempt: a.job.Attempt,
			Beat:    a.seat.beat,
		})
		return err
	})
	if err != nil {
		return a.failed(work, err)
	}
	err = a.persist(run, "keeping a result", func(ctx context.Context) error {
		_, err := a.store.Complete(ctx, a.job.Token, result, a.now())
		return err
	})
	return a.orFail(run, err)
}

// orFail fails the operation for an error of the store that trying again does
// not mend, and passes any other through.
func (a *attempt) orFail(run context.Context, err error) error {
	var refused refusedError
	if errors.As(err, &refused) {
		return a.fail(run, fault.From(refused.err))
	}
	return err
}

func (a *attempt) work() Work {
	return Work{ID: a.job.Op, Parent: a.task.Parent, Owner: a.task.Owner, Request: a.task.Request}
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
// cancel, another server after a stop, another attempt after a failure, and
// the operation's failure after the last.
func (a *attempt) failed(run context.Context, err error) error {
	switch cause := context.Cause(run); {
	case errors.Is(cause, ErrCancelled):
		return nil
	case errors.Is(cause, ErrStopping):
		return a.release(run)
	case errors.Is(cause, errStalled):
		err = fault.New(fault.DeadlineExceeded, "A part of the operation came to a standstill: nothing happened for %s.", a.patience).Because(err)
	case errors.Is(cause, context.DeadlineExceeded):
		err = fault.New(fault.DeadlineExceeded, "The operation's last step took longer than this server allows.").Because(err)
	case isLater(err) && a.job.Attempt < maxLater:
		a.trace.Info("an operation waits", "for", err)
		return a.again(run, err, 0)
	}
	if shards, ok := AsRedo(err); ok && a.job.Role == driver.Finish {
		return a.redo(run, err, shards)
	}
	a.trace.Warn("attempt failed", "error", err, "failures", a.task.Failures+1)
	if isPermanent(err) || a.task.Failures+1 >= maxFailures {
		return a.fail(run, fault.From(err))
	}
	return a.again(run, err, 1)
}

// again has the task come again after err, which counts as so many failures.
func (a *attempt) again(run context.Context, err error, failures int) error {
	stop := a.persist(run, "counting a failure", func(ctx context.Context) error {
		_, err := a.store.Retry(ctx, a.job.Token, failures)
		return err
	})
	if stop != nil {
		return stop
	}
	return err
}

// redo gives up the results of some shards, which are of no use any more.
func (a *attempt) redo(run context.Context, err error, shards []int) error {
	inRange := len(shards) > 0 && shards[0] >= 0 && shards[len(shards)-1] < a.task.Shards
	if a.task.Redos >= maxRedos || !inRange {
		return a.fail(run, fault.From(err))
	}
	a.trace.Warn("parts of an operation are done again", "error", err, "parts", len(shards), "times", a.task.Redos+1)
	return a.orFail(run, a.persist(run, "giving up results", func(ctx context.Context) error {
		_, err := a.store.Redo(ctx, a.job.Token, shards, a.now())
		return err
	}))
}

// fail ends the operation with f, if this attempt still holds its task.
func (a *attempt) fail(run context.Context, f *fault.Error) error {
	if f.Code == fault.Canceled {
		// The code belongs to operations that somebody cancelled.
		f = fault.New(fault.Internal, "%s", f.Message).Because(f)
	}
	e := a.ending(Running, Failed, f)
	e.Fence = &a.job.Token
	return a.end(run, e)
}

// end writes an outcome under this attempt's fence.
func (a *attempt) end(run context.Context, e driver.Ending) error {
	won := false
	err := a.persist(run, "ending an operation", func(ctx context.Context) (err error) {
		_, won, err = a.store.End(ctx, a.job.Op, e)
		return err
	})
	if won {
		a.ended(a.job.Op)
		return nil
	}
	// Another end has won, or this one in a try whose answer was lost. Nothing
	// has ended if it is past the point of no return, unknown to this attempt.
	if a.tellIfDone(context.WithoutCancel(run), a.job.Op) {
		return nil
	}
	if err != nil {
		return err
	}
	return errNotOver
}

// errNotOver has a job come again whose operation is in another state than the
// attempt thought.
var errNotOver = errors.New("the operation has neither ended nor can it be ended like this")

// release hands the task back, for the next server that starts. If the store
// cannot write, that server finds out by itself.
func (a *attempt) release(run context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(run), 5*time.Second)
	defer cancel()
	if _, err := a.store.Release(ctx, a.job.Token); err != nil {
		a.trace.Warn("handing a task back", "error", err)
		return ErrStopping
	}
	return nil
}

func (a *attempt) crashed() *fault.Error {
	part := fmt.Sprintf("part %d of %d", a.job.Index+1, a.task.Shards)
	if a.job.Role == driver.Finish {
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
// context that no cancel reaches, and gives up only when run has ended, or with
// a refusedError when trying again is of no use.
func (m *Manager) persist(run context.Context, what string, write func(context.Context) error) error {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := write(context.WithoutCancel(run))
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
		case <-run.Done():
			timer.Stop()
			return unlessCancelled(run)
		}
	}
}
