package driver

import "context"

// Role says what a task is for.
type Role string

// The roles of a task.
const (
	Shard   Role = "shard"
	Finish  Role = "finish"
	Discard Role = "discard"
)

// DiscardIndex is the index of an operation's Discard task. Shards count from
// 0, and the Finish task's index is the number of shards.
const DiscardIndex = -1

// Token names one attempt at a task, and fences its writes: no two attempts
// ever have the same token.
type Token struct {
	Op      string
	Index   int
	Job     int64
	Attempt int
}

// Job is a task as it is handed to the node's handler.
type Job struct {
	Token
	Role Role
	// Shards is how many the operation has; 0 if that is not known.
	Shards int
	// Party is for whom the operation is done: the same for all of one owner
	// and parent.
	Party string
	// Alone asks for nothing to be worked on beside it, for it may be what
	// killed a node.
	Alone bool
}

// Handler works on one job. If it returns an error, the same job comes again
// later with a higher attempt; after nil it never comes again. ctx ends with
// the cause [ErrStopping] when the node stops, and with
// context.DeadlineExceeded when the job has run for too long, if there is a
// limit; how long work may take is the handler's to say.
type Handler func(ctx context.Context, j Job) error

// Dispatch is how a node wants its jobs.
type Dispatch struct {
	Handler Handler
	// Workers is how many shards and Finish tasks are handed out at once. Those
	// of small operations ([Small]), and Discard tasks, are dispatched beside
	// them and never wait for them.
	Workers int
}

// Small is how many shards an operation has at most that does not wait behind
// larger ones.
const Small = 1

// Dispatcher is the seam to the job queue below a store. Tx is the store's
// transaction, so that a row and its job are written together.
type Dispatcher[Tx any] interface {
	// Enqueue inserts jobs in tx and returns their ids, which are never used
	// again, in the order of tasks. Urgent jobs come before others, what belongs
	// to an operation that has begun before what does not, few shards before
	// many.
	Enqueue(ctx context.Context, tx Tx, tasks []Queued) ([]int64, error)
	// Wake tells that a transaction with new jobs has been committed.
	Wake()
	// Start begins to hand jobs to d.Handler.
	Start(ctx context.Context, d Dispatch) error
	// Stop ends all handlers' contexts with ErrStopping and waits for them.
	Stop(ctx context.Context) error
}

// Queued is a task to enqueue.
type Queued struct {
	Op     string
	Index  int
	Role   Role
	Urgent bool
	Alone  bool
	Begun  bool
	Shards int
	Party  string
}
