package lro

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// finishTime is how long Finish may take: a long outcome is encoded in one go.
const finishTime = 12 * time.Hour

// maxSettles is how often it is asked whether an outcome is visible before the
// operation ends as one of which that is not known.
const maxSettles = 7

// commitTime is how long Commit and Committed may take. They should take
// milliseconds; this only keeps a hung disk from holding the server's stop.
const commitTime = time.Minute

// finish turns the results of all shards into the operation's outcome:
// everything is produced first, then comes the point of no return, then it is
// made visible.
func (a *attempt) finish(run context.Context) error {
	if a.task.State == driver.Finalizing {
		settled, err := a.settle(run, a.task.Receipt)
		if settled || err != nil {
			return err
		}
	}
	if a.task.Crashes >= maxCrashes {
		return a.fail(run, a.crashed())
	}
	var results [][]byte
	if err := a.persist(run, "reading the results", func(ctx context.Context) (err error) {
		results, err = a.store.Results(ctx, a.task.Op)
		return err
	}); err != nil {
		return a.orFail(run, err)
	}
	work, stop := context.WithTimeout(run, finishTime)
	defer stop()
	var outcome Commit
	err := a.guard(func() (err error) {
		outcome, err = a.kind.Finish(work, Finishing{
			Work:    a.work(),
			Results: results,
			Epoch:   a.task.Epoch,
		})
		if err == nil && outcome == nil {
			err = errors.New("neither an outcome nor an error came of Finish")
		}
		return err
	})
	if err != nil {
		return a.failed(work, err)
	}
	receipt := outcome.Receipt()
	won := false
	err = a.persist(run, "passing the point of no return", func(ctx context.Context) (err error) {
		won, err = a.store.Finalize(ctx, a.task.Token, receipt)
		return err
	})
	switch {
	case err != nil:
		// Nothing is known: the operation may be past the point of no return.
		// So nothing is dropped, and whoever claims the task next finds out.
		return a.uncertain(run, err)
	case !won:
		a.drop(run, outcome)
		return nil
	}
	return a.commit(run, outcome, receipt)
}

// uncertain has the task come again after an error whose effect is not known,
// and counts it if trying again at once was of no use.
func (a *attempt) uncertain(run context.Context, err error) error {
	if refused, ok := errors.AsType[refusedError](err); ok {
		return a.failed(run, refused.err)
	}
	return err
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
func (a *attempt) commit(run context.Context, outcome Commit, receipt []byte) error {
	if !a.member.Trusted() {
		return ErrLost // whoever has the task then asks Committed
	}
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
	if settled, unsettled := a.settle(run, receipt); settled || unsettled != nil {
		return unsettled
	}
	return a.failed(run, err)
}

// settle decides an operation that was found past the point of no return: it
// has succeeded if its outcome, the one of the receipt, is visible; else it is
// cancelled, if somebody has asked for that meanwhile, or running again, and
// settled is false.
func (a *attempt) settle(run context.Context, receipt []byte) (settled bool, err error) {
	if a.kind == nil {
		return a.unsettled(run, fault.New(fault.Unimplemented, "This server does not do operations of the kind %q any more. Whether the outcome was written is not known.", a.task.Kind))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(run), commitTime)
	defer cancel()
	var response proto.Message
	err = a.guard(func() (err error) {
		response, settled, err = a.kind.Committed(ctx, a.work(), receipt)
		return err
	})
	if err != nil {
		return a.unsettled(run, fault.New(fault.Unknown, "Whether the outcome was written could not be found out. Look for it before you start the operation again.").Because(err))
	}
	if settled {
		return true, a.succeed(run, response)
	}
	won, state := false, driver.Running
	err = a.persist(run, "reopening an operation", func(ctx context.Context) (err error) {
		state, won, err = a.store.Reopen(ctx, a.task.Token, a.cancelling(Finalizing))
		return err
	})
	if err == nil && (!won || state != driver.Running) {
		a.over = won
		a.tellIfDone(context.WithoutCancel(run), a.task.Op)
		return true, nil
	}
	return false, err
}

// unsettled has the question be asked again later, since to guess would be to
// lie; but not for ever: the last time ends the operation with what is known.
func (a *attempt) unsettled(run context.Context, f *fault.Error) (settled bool, err error) {
	a.trace.Error("the outcome of an operation is not known", "error", f, "times", a.task.Failures+1)
	if a.task.Failures+1 < maxSettles {
		return false, a.again(run, f, 1)
	}
	e := a.ending(Finalizing, Failed, f)
	e.Fence = &a.task.Token
	return true, a.end(run, e)
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
	e.Fence = &a.task.Token
	return a.end(run, e)
}
