package lro

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/lro/driver"
)

// commitTime is how long Commit and Committed may take. They should take
// milliseconds; this only keeps a hung disk from holding the server's stop.
const commitTime = time.Minute

// finish turns the results of all shards into the operation's outcome:
// everything is produced first, then comes the point of no return, then it is
// made visible.
func (a *attempt) finish(run context.Context) error {
	if a.task.State == driver.Finalizing {
		settled, err := a.settle(run)
		if settled || err != nil {
			return err
		}
	}
	if a.task.Crashes >= maxCrashes {
		return a.fail(run, a.crashed())
	}
	var results [][]byte
	if err := a.persist(run, "reading the results", func(ctx context.Context) (err error) {
		results, err = a.store.Results(ctx, a.job.Op)
		return err
	}); err != nil {
		return err
	}
	var outcome Commit
	err := a.guard(func() (err error) {
		outcome, err = a.kind.Finish(run, Finishing{
			Work:    a.work(),
			Results: results,
			Job:     a.job.Job,
			Attempt: a.job.Attempt,
		})
		if err == nil && outcome == nil {
			err = errors.New("neither an outcome nor an error came of Finish")
		}
		return err
	})
	if err != nil {
		return a.failed(run, err)
	}
	won := false
	if err := a.persist(run, "passing the point of no return", func(ctx context.Context) (err error) {
		won, err = a.store.Finalize(ctx, a.job.Token, a.now())
		return err
	}); err != nil || !won {
		a.drop(run, outcome)
		return err
	}
	return a.commit(run, outcome)
}

// drop discards an outcome that lost against another.
func (a *attempt) drop(run context.Context, outcome Commit) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(run), commitTime)
	defer cancel()
	if err := a.guard(func() error { return outcome.Discard(ctx) }); err != nil {
		// The kind's own Discard comes after the end and removes the rest.
		a.trace.Warn("dropping an outcome", "error", err)
	}
}

// commit is past the point of no return: neither a cancel nor a stop reaches
// it.
func (a *attempt) commit(run context.Context, outcome Commit) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(run), commitTime)
	defer cancel()
	var response proto.Message
	err := a.guard(func() (err error) {
		response, err = outcome.Commit(ctx)
		return err
	})
	if err == nil {
		return a.succeed(run, response)
	}
	// It may have taken effect all the same.
	a.trace.Warn("committing an outcome", "error", err)
	if settled, unsettled := a.settle(run); settled || unsettled != nil {
		return unsettled
	}
	return a.failed(run, err)
}

// settle decides an operation that was found past the point of no return: it
// has succeeded if its outcome is visible; else it is running again, and
// settled is false.
func (a *attempt) settle(run context.Context) (settled bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(run), commitTime)
	defer cancel()
	var response proto.Message
	err = a.guard(func() (err error) {
		response, settled, err = a.kind.Committed(ctx, a.work())
		return err
	})
	if err != nil {
		// To guess would be to lie; so the question is asked again later.
		a.trace.Error("asking for the outcome of an operation", "error", err)
		return false, err
	}
	if settled {
		return true, a.succeed(run, response)
	}
	won := false
	err = a.persist(run, "reopening an operation", func(ctx context.Context) (err error) {
		won, err = a.store.Reopen(ctx, a.job.Token, a.now())
		return err
	})
	return !won, err
}

func (a *attempt) succeed(run context.Context, response proto.Message) error {
	encoded, err := encodeResponse(response)
	if err != nil {
		// The outcome is visible, so the operation has succeeded, whatever
		// there is to say about it.
		a.trace.Error("encoding the response of an operation", "error", err)
	}
	e := a.ending(Finalizing, Succeeded, nil)
	e.Response = encoded
	e.Fence = &a.job.Token
	return a.end(run, e)
}
