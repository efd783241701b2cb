package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// fetchCooldown bounds the rate of fetches, not the wait for one: the
	// first job after a pause is fetched at once.
	fetchCooldown = 5 * time.Millisecond
	// fetchPoll is the net under the bell. It costs an idle server a query.
	fetchPoll = 2 * time.Second

	// River's clock starts when it fetches a job, and what was fetched may wait
	// for its turn. So the time of shards and Finish is the handler's to limit,
	// and River rescues neither: whatever dies with the process is found at the
	// next start.
	noLimit     = -1
	discardTime = 10 * time.Minute
	// rescueAfter must exceed discardTime.
	rescueAfter = 15 * time.Minute
	// keepJobs is how long River's rows stay after their end: nobody reads
	// them but an operator.
	keepJobs = time.Minute

	workQueue    = "work"
	smallQueue   = "small" // so that small operations are fetched while large ones wait
	discardQueue = "discard"
	// discardWorkers are apart from the others, because a discard waits for
	// the shards of its operation.
	discardWorkers = 4
)

// queue is River behind driver.Dispatcher.
type queue struct {
	db     *sql.DB
	log    *slog.Logger
	bell   *bell
	insert *river.Client[*sql.Tx] // only inserts
	work   *river.Client[*sql.Tx] // nil unless started
}

var _ driver.Dispatcher[*sql.Tx] = (*queue)(nil)

func newQueue(db *sql.DB, log *slog.Logger) (*queue, error) {
	q := &queue{db: db, log: quiet(log), bell: newBell()}
	insert, err := river.NewClient(q.bell.driver(db), &river.Config{Logger: q.log, MaxAttempts: math.MaxInt16})
	q.insert = insert
	return q, err
}

// jobArgs is what a River job says of its task.
type jobArgs struct {
	Op     string `json:"op"`
	Index  int    `json:"index"`
	Shards int    `json:"shards,omitempty"`
	Party  string `json:"party,omitempty"`
	Alone  bool   `json:"alone,omitempty"`
}

// One kind of River job for each role, for their different time limits.
type (
	shardArgs   struct{ jobArgs }
	finishArgs  struct{ jobArgs }
	discardArgs struct{ jobArgs }
)

// The kinds are stored and must stay the same for ever.
func (shardArgs) Kind() string   { return "lro_shard" }
func (finishArgs) Kind() string  { return "lro_finish" }
func (discardArgs) Kind() string { return "lro_discard" }

// Enqueue implements driver.Dispatcher.
func (q *queue) Enqueue(ctx context.Context, tx *sql.Tx, tasks []driver.Queued) ([]int64, error) {
	params := make([]river.InsertManyParams, len(tasks))
	for i, t := range tasks {
		opts := &river.InsertOpts{Queue: workQueue, Priority: priority(t)}
		if 0 < t.Shards && t.Shards <= driver.Small {
			opts.Queue = smallQueue
		}
		args := jobArgs{Op: t.Op, Index: t.Index, Shards: t.Shards, Party: t.Party, Alone: t.Alone}
		switch t.Role {
		case driver.Shard:
			params[i].Args = shardArgs{args}
		case driver.Finish:
			params[i].Args = finishArgs{args}
		case driver.Discard:
			params[i].Args, opts.Queue = discardArgs{args}, discardQueue
		default:
			return nil, fmt.Errorf("unknown role %q", t.Role)
		}
		params[i].InsertOpts = opts
	}
	rows, err := q.insert.InsertManyTx(ctx, tx, params)
	if err != nil {
		return nil, err
	}
	jobs := make([]int64, len(rows))
	for i, r := range rows {
		jobs[i] = r.Job.ID
	}
	return jobs, nil
}

// River's priorities; 1 is the highest.
const (
	urgent  = 1
	sooner  = 3
	later   = 4
	fewMany = 8 // shards of an operation that need not wait for those that have begun
)

func priority(t driver.Queued) int {
	switch {
	case t.Urgent:
		return urgent
	case t.Begun, t.Shards <= fewMany:
		return sooner
	}
	return later
}

// Wake implements driver.Dispatcher.
func (q *queue) Wake() { q.bell.ring() }

// Start implements driver.Dispatcher.
func (q *queue) Start(ctx context.Context, d driver.Dispatch) error {
	if q.work != nil {
		return errors.New("dispatch is running already")
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker[shardArgs]{handler: d.Handler, bell: q.bell, role: driver.Shard, limit: noLimit})
	river.AddWorker(workers, &worker[finishArgs]{handler: d.Handler, bell: q.bell, role: driver.Finish, limit: noLimit})
	river.AddWorker(workers, &worker[discardArgs]{handler: d.Handler, bell: q.bell, role: driver.Discard, limit: discardTime})
	client, err := river.NewClient(q.bell.driver(q.db), &river.Config{
		ID:                          "lectern-" + rand.Text(),
		Logger:                      q.log,
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{workQueue: {MaxWorkers: d.Workers}, smallQueue: {MaxWorkers: d.Workers}, discardQueue: {MaxWorkers: discardWorkers}},
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           fetchPoll,
		JobTimeout:                  discardTime,
		RescueStuckJobsAfter:        rescueAfter,
		MaxAttempts:                 math.MaxInt16,
		CompletedJobRetentionPeriod: keepJobs,
		CancelledJobRetentionPeriod: keepJobs,
		DiscardedJobRetentionPeriod: keepJobs,
		RetryPolicy:                 backOff{},
	})
	if err != nil {
		return err
	}
	// Stop, and nothing else, ends the work.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	q.work = client
	return nil
}

// Stop implements driver.Dispatcher.
func (q *queue) Stop(ctx context.Context) error {
	if q.work == nil {
		return nil
	}
	if err := q.work.StopAndCancel(ctx); err != nil {
		return err
	}
	q.work = nil
	return nil
}

// backOff is how long a job that failed waits. Up to River's scheduling
// interval of 5 s that works without the elected leader.
type backOff struct{}

func (backOff) pause(job *rivertype.JobRow) time.Duration {
	limit := 4 * time.Second
	if job.Queue == discardQueue {
		limit = 10 * time.Minute
	}
	return min(100*time.Millisecond<<min(job.Attempt-1, 20), limit)
}

// NextRetry implements river.ClientRetryPolicy.
func (b backOff) NextRetry(job *rivertype.JobRow) time.Time { return time.Now().Add(b.pause(job)) }
