package lro

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
)

// Kind is one sort of long work, registered once with a [Manager]. It is used
// by many goroutines at once and must hold no state of a single operation
// that a restart could not rebuild.
//
// Whatever a Kind does may be cut off at any instant by a crash and be done
// again, by another process. So Run and Finish are repeatable, and only Commit
// shows anything to the world.
type Kind interface {
	// Name is the key under which the kind's operations are stored. It must
	// stay the same for ever.
	Name() string

	// Run does one shard and returns a small result, the checkpoint that
	// Finish will be given. ctx ends when the operation is cancelled, fails or
	// is handed back; Run then returns soon, within milliseconds, and what it
	// returns is ignored. Anything written to scratch is named by operation,
	// index, job and attempt, so that a late writer never meets a newer one.
	//
	// An error made with [Permanent] fails the operation at once; any other is
	// tried again, three attempts in all, and then fails the operation with
	// its public sentence (fault.From).
	Run(ctx context.Context, s Shard) (result []byte, err error)

	// Finish produces the whole outcome from the results of all shards and
	// shows nothing of it yet. It runs once all shards are done, under the
	// same rules as Run. What it returns makes the outcome visible.
	Finish(ctx context.Context, f Finishing) (Commit, error)

	// Committed is asked after a crash between the point of no return and the
	// end: did Commit take effect? Then response is what it had returned.
	Committed(ctx context.Context, w Work) (response proto.Message, committed bool, err error)

	// Discard removes scratch and uncommitted output of an operation that has
	// ended, in whatever way; never what was committed. It is idempotent, is
	// called at least once after the end, and never while a Run or Finish of
	// the same operation is still under way on this node.
	Discard(ctx context.Context, w Work) error

	// Metadata is the operation's public metadata. Pure, and quick: Get and
	// List call it for each operation they show.
	Metadata(s Status) proto.Message
}

// Commit makes a finished outcome visible. Exactly one of its methods is
// called, once.
type Commit interface {
	// Commit is past the point of no return: its context is not ended by a
	// cancel, and it should take milliseconds. It returns the operation's
	// response.
	Commit(ctx context.Context) (response proto.Message, err error)
	// Discard drops the outcome instead, because another outcome won.
	Discard(ctx context.Context) error
}

// Work identifies an operation to its Kind.
type Work struct {
	// ID is the operation's own id, [0-9a-z]+, unique for ever. Safe as a
	// file name.
	ID     string
	Parent string
	Owner  string
	// Request is what Start was given, as the Kind encoded it. Empty in
	// Discard when the operation's input has been removed already.
	Request []byte
}

// Shard is one piece of an operation's work.
type Shard struct {
	Work
	// Index counts from 0 to Count-1.
	Index, Count int
	// Payload is the Task's, and all that Run needs besides Request.
	Payload []byte
	// Job and Attempt together are the fencing token: no two runs of a shard
	// ever have the same pair.
	Job     int64
	Attempt int
}

// Finishing is the last piece of work of an operation.
type Finishing struct {
	Work
	// Results are what Run returned, by shard index.
	Results [][]byte
	Job     int64
	Attempt int
}

// Task is how the caller of Start splits the work: one shard each.
type Task struct {
	Payload []byte
	// Weight is the shard's part of the progress, such as bytes of input; at
	// least 1.
	Weight int64
}

// State is where an operation stands.
type State string

// The states. The first two are alive, the others final.
const (
	Running    State = "RUNNING"
	Finalizing State = "FINALIZING"
	Succeeded  State = "SUCCEEDED"
	Failed     State = "FAILED"
	Cancelled  State = "CANCELLED"
)

// Done reports whether s is final.
func (s State) Done() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Status is what is publicly known of an operation's course.
type Status struct {
	ID, Parent          string
	State               State
	CreateTime          time.Time
	UpdateTime          time.Time // last change of state or progress
	EndTime             time.Time // zero until done
	WorkTotal, WorkDone int64     // sums of weights; WorkDone never shrinks
}

// NewOperation is what Start needs.
type NewOperation struct {
	Kind string
	// Parent is the collection, such as "projects/p/locations/l"; the
	// operation's name is Parent + "/operations/" + ID.
	Parent string
	// Owner is an opaque string; only the same owner sees the operation.
	Owner string
	// Request is kept until the end and given to Run and Finish.
	Request []byte
	// Tasks are the shards, at least one.
	Tasks []Task
	// IdempotencyKey, when not empty, makes Start return the operation that
	// the same owner started with the same key before, if IdempotencyHash is
	// also the same; else Start fails with ALREADY_EXISTS.
	IdempotencyKey  string
	IdempotencyHash []byte
}
