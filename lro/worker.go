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
)

// attempt is one attempt at a task of an operation.
type attempt struct {
	*Manager
	job   driver.Job
	task  driver.Claim
	kind  Kind
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

	select {
	case m.slots <- struct{}{}:
		defer func() { <-m.slots }()
	case <-run.Done():
		return unlessCancelled(run)
	}
	if won, err := a.claim(run); err != nil || !won {
		return err
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
	var result []byte
	err := a.guard(func() (err error) {
		result, err = a.kind.Run(run, Shard{
			Work:    a.work(),
			Index:   a.job.Index,
			Count:   a.task.Shards,
			Payload: a.task.Payload,
			Job:     a.job.Job,
			Attempt: a.job.Attempt,
		})
		return err
	})
	if err != nil {
		return a.failed(run, err)
	}
	return a.persist(run, "keeping a result", func(ctx context.Context) error {
		_, err := a.store.Complete(ctx, a.job.Token, result, a.now())
		return err
	})
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
	case errors.Is(cause, context.DeadlineExceeded):
		err = fault.New(fault.DeadlineExceeded, "A part of the operation took longer than this server allows.").Because(err)
	}
	a.trace.Warn("attempt failed", "error", err, "failures", a.task.Failures+1)
	if isPermanent(err) || a.task.Failures+1 >= maxFailures {
		return a.fail(run, fault.From(err))
	}
	if stop := a.persist(run, "counting a failure", func(ctx context.Context) error {
		_, err := a.store.Retry(ctx, a.job.Token)
		return err
	}); stop != nil {
		return stop
	}
	return err
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
	return a.persist(run, "ending an operation", func(ctx context.Context) error {
		_, won, err := a.store.End(ctx, a.job.Op, e)
		if won {
			a.ended(a.job.Op)
		}
		return err
	})
}

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

// persist writes until the store takes it: a store that is full or gone for a
// while makes operations wait, not fail. It tries at least once, with a
// context that no cancel reaches, and gives up only when run has ended.
func (m *Manager) persist(run context.Context, what string, write func(context.Context) error) error {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := write(context.WithoutCancel(run))
		if err == nil {
			return nil
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
