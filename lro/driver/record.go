package driver

import "time"

// Record is all that a store keeps of one operation, to be moved to another.
type Record struct {
	Operation
	Deleted            time.Time // zero unless Hidden
	Needs              []string
	Groups             []string // that it is counted in
	Names              []Name
	Named              bool // false if its names are not known, see Store.Unnamed
	Shards, ShardsDone int
	Redos              int
	CancelRequested    bool
	Receipt            []byte
	// Request is nil once it has been discarded.
	Request []byte
	Tasks   []RecordedTask
}

// RecordedTask is a task of a Record. Nobody works on it.
type RecordedTask struct {
	Index int
	Role  Role
	// Ready says that it may be claimed; else it waits for others of its operation,
	// or is done.
	Ready, Done                   bool
	Epoch                         int64
	Failures, Crashes, Suspicions int
	Weight                        int64
	// Payload is a shard's own; Result is nil until it is done.
	Payload, Result []byte
}
