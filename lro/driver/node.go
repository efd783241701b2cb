package driver

import (
	"context"
	"errors"
	"time"
)

// ErrStopping is the cause of the context of work that is ended because the node
// stops: the task is handed back.
var ErrStopping = errors.New("stopping: the work is handed back")

// ErrLost is the cause of the context of work that is ended because the node may
// be taken for dead: another one may have the task, and nothing is written.
var ErrLost = errors.New("the node has lost its lease")

// Node is a process that works on tasks, or only wants to hear of operations, as
// it presents itself to a store. The functions are called from goroutines of the
// store, must return soon, and must not be nil.
type Node struct {
	// Name is what people call it, such as a host's name.
	Name string
	// Version is the program's.
	Version string
	// Slots is how many tasks it works on at once; 0 if it only listens.
	Slots int
	// Abilities are all that tasks may need here; others are not offered, see
	// Abandoned. What they are may change, which the others learn within a moment.
	Abilities func() []string
	// Abandoned is how long there must have been no node that is able to do a task
	// until it is offered to any, which then says so.
	Abandoned time.Duration

	// Work says that there may be something new to claim.
	Work func()
	// Ended and Hidden say that an operation has ended, or was hidden, perhaps on
	// another node. A call may be lost; see Resync.
	Ended, Hidden func(op string)
	// Resync says that calls of the others may have been lost: states that matter
	// are to be read.
	Resync func()
	// Lost is called once, if the store may take this node for dead.
	Lost func(cause error)
}

// Membership is a node's place in the store. It renews whatever keeps the others
// from taking the node for dead, until Leave or until it is lost; and meanwhile it
// makes what nodes that are gone had claimed ready again. A crash is counted
// against such a task if its node had claimed nothing else, or if it had been
// claimed for [Suspicious]; most of the others are innocent, and are only
// suspected. One that was suspected [Suspicions] times is offered as one to be
// worked on alone.
//
// A process that ends without Leave is one that crashed.
type Membership interface {
	// ID tells the node from all others, and from its own earlier lives.
	ID() string
	// Trusted reports whether at this instant nobody may take the node for dead. It
	// asks a clock of its own, nobody else.
	Trusted() bool
	// Offers are tasks that are ready and that this node may claim, those in front
	// that should come first, at most as many of each sort as want says. None are
	// offered to a node that is drained.
	Offers(ctx context.Context, want Want) (Offers, error)
	// Claim takes a task that was offered. It reports false if somebody else has
	// it, or its operation has no more use for it: shards need a RUNNING operation,
	// Finish a RUNNING or FINALIZING one, Discard a final one of which no task is
	// RUNNING. A claim may be repeated by the node that has it.
	Claim(ctx context.Context, o Offer) (t Task, won bool, err error)
	// Leave ends the membership, also a lost one. Whatever this node has still
	// claimed is handed back, with nothing counted against it. Nothing of it may be
	// under way.
	Leave(ctx context.Context) error
}

// Want is how many tasks of each sort are wanted.
type Want struct{ Large, Small, Discards int }

// Offers are tasks that may be claimed.
type Offers struct {
	// Tasks are shards and Finish tasks, of small operations and of others.
	Tasks []Offer
	// Discards are Discard tasks.
	Discards []Offer
	// Busy is what other nodes work on.
	Busy []Busy
}

// Busy is how many tasks of an operation other nodes work on.
type Busy struct {
	Op, Party string
	Tasks     int
}

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

// Small is how many shards an operation has at most that does not wait behind
// larger ones.
const Small = 1

// Token names one attempt at a task, and fences its writes. Epoch grows by one
// with each claim of the task and never shrinks: no two attempts ever have the
// same token.
type Token struct {
	Op    string
	Index int
	Epoch int64
}

// Offer is a task that is ready. Its Token is that of the last attempt; the next
// one's epoch is one more.
type Offer struct {
	Token
	Role Role
	// Shards is how many the operation has.
	Shards int
	// Party is for whom the operation is done: the same for all of one owner
	// and parent.
	Party string
	// Alone asks for nothing to be worked on beside it, for it may be what
	// killed a node.
	Alone bool
	// Abandoned says that no node is able to do it, this one included.
	Abandoned bool
}

// Task is a task that has been claimed: all that is needed to work on it.
type Task struct {
	Offer               // with the token of this attempt
	Kind, Parent, Owner string
	State               State
	// Needs are the operation's.
	Needs []string
	// Request is empty once it has been discarded.
	Request []byte
	// Payload is a shard's own.
	Payload []byte
	// Weight is what of the task's has not been counted as progress.
	Weight int64
	// Failures and Crashes are what earlier attempts came to; Tries is how often
	// it was tried again (Retry) since it was handed back last.
	Failures, Crashes, Tries int
	// Redos is how often shards of the operation were asked for again.
	Redos int
	// Receipt is what Finalize kept; empty before.
	Receipt []byte
}
