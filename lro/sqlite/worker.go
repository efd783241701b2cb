package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/lectern/lectern/lro/driver"
)

// task is any of the three kinds of arguments.
type task interface {
	river.JobArgs
	args() jobArgs
}

func (a jobArgs) args() jobArgs { return a }

// worker hands River's jobs of one role to the node's handler.
type worker[A task] struct {
	river.WorkerDefaults[A]
	handler driver.Handler
	bell    *bell
	role    driver.Role
	limit   time.Duration
}

// Timeout implements river.Worker.
func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.limit }

// Work implements river.Worker.
func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	// River ends its context in two cases, and the handler is told which.
	work, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	defer context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			end(context.DeadlineExceeded)
		} else {
			end(driver.ErrStopping)
		}
	})()
	args := job.Args.args()
	token := driver.Token{Op: args.Op, Index: args.Index, Job: job.ID, Attempt: job.Attempt}
	err := w.handler(work, driver.Job{Token: token, Role: w.role, Shards: args.Shards, Party: args.Party, Alone: args.Alone})
	if errors.Is(err, driver.ErrStopping) && ctx.Err() != nil {
		return ctx.Err() // which River takes for an interruption, and keeps the job
	}
	if err != nil {
		// River writes the job's next time with others, every 250 ms.
		const writing = 300 * time.Millisecond
		time.AfterFunc(backOff{}.pause(job.JobRow)+writing, w.bell.ring)
	}
	return err
}

// quiet lets only warnings and worse through: River also tells of its ordinary
// course, and of each failed attempt, which the handler has told already.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{h.Handler.WithAttrs(a)} }
func (h warnings) WithGroup(name string) slog.Handler   { return warnings{h.Handler.WithGroup(name)} }
