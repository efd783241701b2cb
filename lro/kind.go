package lro

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/lro/driver"
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
	// index and epoch, so that a late writer never meets a newer one.
	//
	// An error made with [Permanent] fails the operation at once; one made with
	// [Later] is tried again for an hour without being counted; any other is
	// tried again, three attempts in all, and then fails the operation with
	// its public sentence (fault.From).
	Run(ctx context.Context, s Shard) (result []byte, err error)

	// Finish produces the whole outcome from the results of all shards and
	// shows nothing of it yet. It runs once all shards are done, under the
	// same rules as Run; besides, an error made with [Redo] asks for shards
	// whose results are of no use any more. What it returns makes the outcome
	// visible.
	Finish(ctx context.Context, f Finishing) (Commit, error)

	// Committed is asked after a crash or an error between the point of no
	// return and the end: is the outcome of this receipt the one that shows?
	// Then response is what Commit would have returned. It goes by identity,
	// never by what is missing or what has the right name; a receipt that is
	// empty is of no outcome. An error makes it be asked again, seven times
	// in all, after which the operation fails as one whose outcome is not known.
	Committed(ctx context.Context, w Work, receipt []byte) (response proto.Message, committed bool, err error)

	// Discard removes scratch and uncommitted output of an operation that has
	// ended, in whatever way; never what was committed. It is idempotent, is
	// called at least once after the end, and never while a Run or Finish of
	// the same operation is still under way on any node that is not taken for dead.
	Discard(ctx context.Context, w Work) error

	// Metadata is the operation's public metadata. Pure, and quick: Get and
	// List call it for each operation they show.
	Metadata(s Status) proto.Message
}

// A Namer is a Kind whose operations have names that others must keep out of the way
// of, such as that of what they will show. An operation has its names from the moment
// it is accepted until its end, on all nodes: both are of the store's transactions.
type Namer interface {
	// Names are an operation's, by its request: always the same.
	Names(w Work) ([]Name, error)
	// Taken is what Start returns if another operation has what stands in the way of
	// one of the names, or somebody holds it.
	Taken(n Name) error
}

// Name is something that one operation has; see [driver.Name].
type Name = driver.Name

// A Forgetter is a Kind that keeps something of operations in the memory of the
// nodes that work on them, to be quicker.
type Forgetter interface {
	// Forget drops it. It comes on each node that has worked on the operation, soon after
	// its end, wherever it ended, and when nothing of it is under way there. Only the id
	// of w is given.
	Forget(w Work)
}

// A Keeper is a Kind that can tell of which operations it holds anything. At
// the start of [Manager.Run] it is asked to discard what belongs to operations
// that the store does not know, as after a restored backup, or that have ended.
type Keeper interface {
	// Kept are the ids of operations of which scratch or output that is not
	// committed is there.
	Kept(ctx context.Context) (ids []string, err error)
}

// Commit makes a finished outcome visible. Receipt is called first, and then at
// most one of the others, once: neither, if it is not known who won.
type Commit interface {
	// Receipt tells the outcome from every other, for Committed. It is small.
	Receipt() []byte
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
	// Epoch is the fencing token: no two runs of a shard ever have the same, and a
	// later one has a greater one.
	Epoch int64
	// Beat tells that the work goes on, or that it waits for what is not its to
	// hasten. When it has not been called for Config.Patience, the attempt has
	// failed. It is quick and may be called by many goroutines; it is not nil.
	Beat func()
	// Progress is a Beat that tells besides how much of the shard is done, from 0
	// to 1. It is kept within a second or so, but for the last before a crash, and
	// never goes back: an attempt after another one counts what that has left.
	Progress func(share float64)
}

// Finishing is the last piece of work of an operation.
type Finishing struct {
	Work
	// Results are what Run returned, by shard index.
	Results [][]byte
	// Epoch is as a Shard's.
	Epoch int64
	// Progress is as a Shard's, for the part of NewOperation.FinishWeight.
	Progress func(share float64)
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
	ID, Parent string
	State      State
	CreateTime time.Time
	UpdateTime time.Time // last change of state or progress
	EndTime    time.Time // zero until done
	// WorkTotal and WorkDone are sums of weights. WorkDone never shrinks, and is all
	// of them not before the point of no return, if there is a FinishWeight.
	WorkTotal, WorkDone int64
}

// Group is operations that are counted together, by an opaque name.
type Group struct {
	Name string
	// Most is how many of it may be under way; 0 means no limit.
	Most int
	// Full is what Start says when they are; nil means a sentence that names nobody.
	Full error
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
	// FinishWeight is Finish's part of the progress; 0 if it is done at once.
	FinishWeight int64
	// Needs are what a node must be able to do, besides the kind, to work on the
	// operation (Config.Abilities).
	Needs []string
	// Groups are what the operation is counted in while it is under way.
	Groups []Group
	// IdempotencyKey, when not empty, makes Start return the operation that
	// the same owner started with the same key before, if IdempotencyHash is
	// also the same; else Start fails with ALREADY_EXISTS.
	IdempotencyKey  string
	IdempotencyHash []byte
	// Label says in a few words what the operation makes, such as the name of its
	// outcome; whoever sees the operation sees it ([Manager.Labels]). It has at most
	// MaxLabel bytes, and is kept as long as the operation.
	Label string
}

// MaxLabel is the longest label, in bytes.
const MaxLabel = 4096
