// Package driver is what the author of an operation store implements. Users
// of operations want package lro instead.
//
// A [Store] keeps operations and their tasks. A process that works on tasks
// becomes a [Node] of it, is offered tasks that are ready, and claims some. Three
// rules make it safe to build on:
//
//   - The state of an operation or a task changes only by one compare-and-set.
//     A method that changes state reports whether it won; losing is not an error.
//   - Whatever belongs together is written in one transaction.
//   - A task that was claimed stays RUNNING in the store until the node that has
//     it says otherwise, or until that node is known to be gone.
//
// The suite in package lrotest proves a store.
package driver

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// ErrNotFound is returned for an operation that the store does not hold.
var ErrNotFound = errors.New("operation not found")

// ErrFull is returned by Create when as many operations are under way as
// Creation.Most allows; as a [FullError] if it is a group's.
var ErrFull = errors.New("too many operations are under way")

// Store holds operations durably: when a method has returned without error,
// its effect survives a crash. All methods may be called by many goroutines at
// once. An error means that nothing is known of the effect, the work may have
// been done or not; every method but Create may be called again with the same
// arguments.
//
// All times are of the store's own clock, one for all nodes, and are kept to the
// microsecond.
type Store interface {
	// Create writes an operation, its request and its tasks, and makes the first
	// Window of them ready, all or nothing. If the owner has used the same key
	// before, nothing is written, and created is false and op that operation.
	// ErrFull, and nothing is written, if Most are under way, in all or of a group.
	// Of a group many nodes together may go beyond it by as many as they are.
	// A TakenError, and nothing is written, if one of its names collides with another
	// operation's that has not ended, or with what is held: of several that collide
	// and come at once, on whatever nodes, one is created.
	Create(ctx context.Context, c Creation) (op Operation, created bool, err error)
	// Get returns an operation, hidden, expired or not; ErrNotFound if there is
	// none.
	Get(ctx context.Context, id string) (Operation, error)
	// List returns the operations that match, newest first, never a hidden or
	// expired one. It reads those of its parent, or of its owner, and no others.
	List(ctx context.Context, q Query) ([]Operation, error)
	// Parents are those, each once, of the owner's operations that are not hidden, which
	// are one of under, or begin with one of them and a slash. It looks at what it
	// returns, whatever else there is.
	Parents(ctx context.Context, owner string, under []string) ([]string, error)
	// Hide makes an operation invisible and frees its idempotency key; its
	// work goes on. It reports false if it was hidden already or is unknown.
	Hide(ctx context.Context, id string) (bool, error)

	// End moves an operation from e.From to the final state e.To, gives up those of
	// its tasks that are ready and the one of e.Fence, and makes its Discard task
	// ready. It reports false, and changes nothing, if the operation is not in
	// e.From, or e.Fence is given and no longer holds, or e.By is and does not see it;
	// but for the wish of a cancel, see Ending.
	End(ctx context.Context, id string, e Ending) (op Operation, won bool, err error)
	// Finalize moves RUNNING to FINALIZING under the fence of a Finish task, counts
	// all that is left as progress, and keeps receipt, by which the outcome can be told
	// from every other.
	Finalize(ctx context.Context, t Token, receipt []byte) (won bool, err error)
	// Reopen moves FINALIZING back to RUNNING under the fence of a Finish task;
	// or, if a cancel was wished for meanwhile, to CANCELLED as e says, as End
	// does. It returns the state that the operation has now; won is false if it
	// was neither FINALIZING nor RUNNING, or the fence no longer holds.
	Reopen(ctx context.Context, t Token, e Ending) (now State, won bool, err error)
	// Redo gives the shards of these indexes up as not done, under the fence of
	// a RUNNING operation's Finish task, and makes them ready again, without a
	// result. The Finish task comes again after the last of them, with a later
	// epoch, and as one that has not been tried.
	// Progress that was counted stays, and is not counted twice.
	Redo(ctx context.Context, t Token, indexes []int) (won bool, err error)

	// Complete stores a shard's result and what is left of its weight as progress, and makes the
	// operation's next shard ready, or its Finish task if this was the last: one
	// transaction, fenced, and only while the operation is RUNNING.
	Complete(ctx context.Context, t Token, result []byte) (won bool, err error)
	// Advance counts progress within claimed tasks, of RUNNING operations only: a task
	// has not more than so much left of its weight afterwards, also for whoever claims
	// it next. It is one transaction; what has lost its fence in it is left out.
	Advance(ctx context.Context, all []Advance) error
	// Retry counts failures, 0 or 1, against a claimed task, and has it be ready
	// again after pause; or done, if its operation has no more use for it.
	Retry(ctx context.Context, t Token, failures int, pause time.Duration) (won bool, err error)
	// Release hands a claimed task back at once, with nothing counted against it.
	// It is done if its operation has no more use for it.
	Release(ctx context.Context, t Token) (won bool, err error)
	// Results are the results of all shards, by index.
	Results(ctx context.Context, id string) ([][]byte, error)
	// Discarded ends a Discard task: the operation's tasks and request go.
	Discarded(ctx context.Context, t Token) (won bool, err error)

	// States returns the states of those of the operations that exist.
	States(ctx context.Context, ids []string) (map[string]State, error)
	// Load counts what is under way on all nodes.
	Load(ctx context.Context) (Load, error)
	// Unnamed are operations that are not final and of which the names are not known,
	// since a version that knew of none has created them; by id, at most limit of them,
	// from the first id after after.
	Unnamed(ctx context.Context, after string, limit int) ([]Alive, error)
	// Name gives such an operation its names, whatever they collide with. It does
	// nothing if the operation is final, unknown or has been named.
	Name(ctx context.Context, id string, names []Name) error
	// Hold keeps names for a moment, for what is no operation: until release, which may
	// be called more than once, or a minute later at the latest, also if this process
	// is gone by then. A TakenError if a name collides with one of an operation that
	// is not final, or of somebody else who holds it.
	Hold(ctx context.Context, names []Name) (release func(), err error)
	// Expire removes up to limit operations that have expired: those that have
	// been discarded, and whatever ended longer ago than keep. It returns how many
	// went. A store that has room to give back to the disk gives some.
	Expire(ctx context.Context, keep time.Duration, limit int) (int, error)
	// Secret is 32 random bytes, made once and kept with the operations.
	Secret(ctx context.Context) ([]byte, error)

	// Transient reports whether an error of this store may be gone when the
	// method is called again with the same arguments: a full disk, a lost
	// connection, a deadlock. It is false for what the arguments themselves
	// bring about, such as a value that the store cannot hold.
	Transient(err error) bool

	// Join makes this process a node. What nodes that are gone had claimed is
	// ready again before anything is offered to this one, see [Membership].
	Join(ctx context.Context, n Node) (Membership, error)
	// Close releases the store. Nothing may be under way.
	Close() error
}

// Suspicious is how long a task has run when its node's crash is counted
// against it, whatever ran beside it.
const Suspicious = 5 * time.Second

// Suspicions is how often a task was there at a crash, uncounted, until it is
// worked on alone.
const Suspicions = 5

// Alive is an operation that is not final.
type Alive struct {
	ID, Kind, Parent, Owner string
	Request                 []byte
}

// Load is how much is under way.
type Load struct {
	// Operations are those that are not final, Shards those of their shards that are
	// not done, and Running the tasks that are being worked on: shards and Finish.
	Operations, Shards, Running int
}

// Creation is a new operation.
type Creation struct {
	ID, Kind, Parent, Owner string
	Request                 []byte
	Tasks                   []NewTask
	FinishWeight            int64  // the Finish task's
	Key                     string // idempotency key, or empty
	Hash                    []byte // of the request, compared by the caller
	// Needs are what a node must be able to do to work on the tasks, but for
	// Discard, which needs the first only; see Node.Abilities.
	Needs []string
	// Label is for people.
	Label string
	// Window is how many shards are ready at once, at least 1.
	Window int
	// Most is how many operations may be under way; 0 means no limit.
	Most int
	// Groups are what the operation is counted in besides, while it is under way.
	Groups []Group
	// Names are the operation's from Create to its end, and go with the transaction
	// of that.
	Names []Name
}

// Group is operations that are counted together, by an opaque name.
type Group struct {
	Name string
	// Most is how many of it may be under way; 0 means no limit.
	Most int
}

// FullError is the ErrFull of a group.
type FullError struct{ Group string }

func (e FullError) Error() string { return "too many operations are under way of " + e.Group }

// Is implements what errors.Is asks for.
func (FullError) Is(target error) bool { return target == ErrFull }

// NewTask is one shard of a new operation.
type NewTask struct {
	Payload []byte
	Weight  int64
}

// Advance is progress within a task.
type Advance struct {
	Token
	// Left is what is left of its weight.
	Left int64
}

// Operation is an operation's row: all that Get and List show.
type Operation struct {
	ID, Kind, Parent, Owner string
	State                   State
	Created, Updated        time.Time
	Ended, Expires          time.Time // zero until final
	Expired                 bool      // by the store's clock
	Hidden                  bool
	WorkTotal, WorkDone     int64
	ErrorCode               int32
	ErrorMessage            string
	Response                []byte // as Ending gave it
	IdempotencyKey          string
	IdempotencyHash         []byte
	Label                   string
}

// State is where an operation stands.
type State string

// The states of an operation; see package lro.
const (
	Running    State = "RUNNING"
	Finalizing State = "FINALIZING"
	Succeeded  State = "SUCCEEDED"
	Failed     State = "FAILED"
	Cancelled  State = "CANCELLED"
)

// Query selects operations for List.
type Query struct {
	Owner string
	// Parent, when not empty, selects one collection.
	Parent string
	// Done, when not nil, selects final operations or the others.
	Done *bool
	// AfterTime and AfterID are the place of the last operation already seen;
	// zero to begin.
	AfterTime time.Time
	AfterID   string
	Limit     int
}

// Ending is a final outcome.
type Ending struct {
	From, To     State
	ErrorCode    int32
	ErrorMessage string
	Response     []byte
	// Keep is how long the operation can be seen after this end.
	Keep time.Duration
	// Fence, when not nil, must be the claim of a task of the operation.
	Fence *Token
	// Wish, of a cancel, is kept if the operation is FINALIZING, for Reopen.
	Wish bool
	// By, when not nil, is who asks: an operation that they do not see is left as it is,
	// and costs no more than one that does not exist.
	By *Caller
}

// Caller is somebody who sees some operations, and none that is hidden.
type Caller struct {
	Owner string
	// Parent, when not empty, selects one collection.
	Parent string
	// Under, when not nil, selects those whose parent is one of these, or begins with
	// one of them and a slash.
	Under []string
}

// Sees reports whether op is one of those.
func (c Caller) Sees(op Operation) bool {
	return op.Owner == c.Owner && !op.Hidden && (c.Parent == "" || op.Parent == c.Parent) &&
		(c.Under == nil || slices.ContainsFunc(c.Under, func(u string) bool { return op.Parent == u || strings.HasPrefix(op.Parent, u+"/") }))
}
