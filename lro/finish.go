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
func (a *attempt) finish(ctx context.Context) error {
	if a.task.State == driver.Finalizing {
		settled, err := a.settle(ctx, a.task.Receipt)
		if settled || err != nil {
			return err
		}
	}
	if a.task.Crashes >= maxCrashes {
		return a.fail(ctx, a.crashed())
	}
	var results [][]byte
	if err := a.persist(ctx, "reading the results", func(ctx context.Context) (err error) {
		results, err = a.store.Results(ctx, a.task.Op)
		return err
	}); err != nil {
		return a.orFail(ctx, err)
	}
	work, stop := context.WithTimeout(ctx, finishTime)
	defer stop()
	course, over := a.courses.begin(a.task, 1) // the last bit is the point of no return's
	defer over()
	var outcome Commit
	err := a.guard(func() (err error) {
		outcome, err = a.kind.Finish(work, Finishing{
			Work:     a.work(),
			Results:  results,
			Epoch:    a.task.Epoch,
			Progress: course.tell,
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
	err = a.persist(ctx, "passing the point of no return", func(ctx context.Context) (err error) {
		won, err = a.store.Finalize(ctx, a.task.Token, receipt)
		return err
	})
	switch {
	case err != nil:
		// Nothing is known: the operation may be past the point of no return.
		// So nothing is dropped, and whoever claims the task next finds out.
		return a.uncertain(ctx, err)
	case !won:
		a.drop(ctx, outcome)
		return nil
	}
	return a.commit(ctx, outcome, receipt)
}

// uncertain has the task come again after an error whose effect is not known,
// and counts it if trying again at once was of no use.
func (a *attempt) uncertain(ctx context.Context, err error) error {
	if refused, ok := errors.AsType[refusedError](err); ok {
		return a.failed(ctx, refused.err)
	}
	return err
}

// drop discards an outcome that lost against another.
func (a *attempt) drop(ctx context.Context, outcome Commit) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	if err := a.guard(func() error { return outcome.Discard(ctx) }); err != nil {
		// The kind's own Discard comes after the end and removes the rest.
		a.trace.Warn("dropping an outcome", "error", err)
	}
}

// commit is past the point of no return: neither a cancel nor a stop reaches
// it.
func (a *attempt) commit(ctx context.Context, outcome Commit, receipt []byte) error {
	if !a.member.Trusted() {
		return ErrLost // whoever has the task then asks Committed
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	var response proto.Message
	err := a.guard(func() (err error) {
		response, err = outcome.Commit(bounded)
		return err
	})
	if err == nil {
		return a.succeed(ctx, response)
	}
	// It may have taken effect all the same.
	a.trace.Warn("committing an outcome", "error", err)
	if settled, err := a.settle(ctx, receipt); settled || err != nil {
		return err
	}
	return a.failed(ctx, err)
}

// settle decides an operation that was found past the point of no return: it
// has succeeded if its outcome, the one of the receipt, is visible; else it is
// cancelled, if somebody has asked for that meanwhile, or running again, and
// settled is false.
func (a *attempt) settle(ctx context.Context, receipt []byte) (settled bool, err error) {
	if a.kind == nil {
		return a.unsettled(ctx, fault.New(fault.Unimplemented, "This server does not do operations of the kind %q any more. Whether the outcome was written is not known.", a.task.Kind))
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	var response proto.Message
	err = a.guard(func() (err error) {
		response, settled, err = a.kind.Committed(bounded, a.work(), receipt)
		return err
	})
	if err != nil {
		return a.unsettled(ctx, fault.New(fault.Unknown, "Whether the outcome was written could not be found out. Look for it before you start the operation again.").Because(err))
	}
	if settled {
		return true, a.succeed(ctx, response)
	}
	won, state := false, driver.Running
	err = a.persist(ctx, "reopening an operation", func(ctx context.Context) (err error) {
		state, won, err = a.store.Reopen(ctx, a.task.Token, a.cancelling(Finalizing))
		return err
	})
	if err == nil && (!won || state != driver.Running) {
		a.over = won
		a.tellIfDone(context.WithoutCancel(ctx), a.task.Op)
		return true, nil
	}
	return false, err
}

// unsettled has the question be asked again later, since to guess would be to
// lie; but not for ever: the last time ends the operation with what is known.
func (a *attempt) unsettled(ctx context.Context, f *fault.Error) (settled bool, err error) {
	a.trace.Error("the outcome of an operation is not known", "error", f, "times", a.task.Failures+1)
	if a.task.Failures+1 < maxSettles {
		return false, a.again(ctx, f, 1)
	}
	e := a.ending(Finalizing, Failed, f)
	e.Fence = &a.task.Token
	return true, a.end(ctx, e)
}

func (a *attempt) succeed(ctx context.Context, response proto.Message) error {
	encoded, err := encodeResponse(response)
	if err != nil {
		// The outcome is visible, so the operation has succeeded, whatever
		// there is to say about it.
		a.trace.Error("encoding the response of an operation", "error", err)
	}
	e := a.ending(Finalizing, Succeeded, nil)
	e.Response = encoded
	e.Fence = &a.task.Token
	return a.end(ctx, e)
}
