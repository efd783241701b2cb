// Package lro keeps long-running operations: durable, and truly cancellable.
//
// A program writes a [Kind], which says how one sort of work is done, opens a
// store (package sqlite, or postgres for many nodes), makes a [Manager] of both
// with [Open], and calls [Manager.Run]. From then on [Manager.Start] accepts
// operations, and the Manager answers for them as google.longrunning.Operations.
// It knows nothing of what the work is, who the callers are, or how they reached
// it.
//
// # What is promised
//
//   - An operation that Start has returned reaches an end, whatever crashes; one
//     at a part of which ten processes have died ends FAILED and says so. What was
//     under way at a crash is done again, and of what was done only that whose
//     scratch is lost ([Redo]).
//   - When CancelOperation has returned for a running operation, the operation
//     is done with the code CANCELLED, and stays so. The work stops as a
//     consequence.
//   - The outcome of an operation is written once.
//   - The names of an operation ([Namer]) are its own from Start until its end, on all
//     nodes: what would stand in their way is not accepted.
//   - A cancelled or failed operation shows no outcome; a succeeded one shows
//     all of it. The one exception says so: the error of an operation past
//     the point of no return whose store of outcomes did not answer when it was
//     asked again and again (UNKNOWN), or whose kind is gone (UNIMPLEMENTED).
//
// # States
//
//	          Start
//	            |
//	            v         Finish is done:           Commit is done,
//	        +-------+     point of no return      +-----------+
//	        |RUNNING|---------------------------->|FINALIZING |
//	        +-------+<----------------------------+-----------+
//	         |     |      after a crash or an         |
//	 Cancel  |     |      error, if Committed         | Commit is done, or
//	         |     |      says no                     | Committed says yes
//	         |     | a task failed for good           |
//	         v     v                                  v
//	+---------+  +------+                         +---------+
//	|CANCELLED|  |FAILED|                         |SUCCEEDED|
//	+---------+  +------+                         +---------+
//
// Two rare ways are not drawn. From FINALIZING to CANCELLED, instead of back to
// RUNNING, if a cancel came meanwhile; and to FAILED, if Committed never
// answers or the kind is gone.
//
// The operation's row is the authority. It changes by one compare-and-set
// statement, and whoever has changed a row has won:
//
//   - Cancel against the end of the last shard: whichever comes first. Either
//     the shard's commit finds an operation that is not RUNNING any more, and
//     is rolled back; or the operation goes on to Finish, where it can still be
//     cancelled.
//   - Cancel against Finish: until FINALIZING the cancel wins, and what Finish
//     produced is discarded unseen. From FINALIZING on, which lasts
//     as long as Commit (on a disk milliseconds), the operation succeeds, unless
//     Commit fails: then the cancel, which was remembered, ends it.
//   - Cancel against failure: whichever comes first is the outcome.
//   - A worker that was thought dead against its successor: every write of a
//     worker is fenced by the epoch with which it claimed its task. The next claim
//     has a greater one, and the old worker's writes change nothing.
//   - Two nodes against each other: a claim is one compare-and-set of the task's
//     row, and only a node that is not taken for dead makes any.
//   - Delete against anything: it hides the operation and touches nothing else.
//
// # The order of a worker
//
// A node that has a free place asks the store for tasks that are ready, and picks
// one: of the operation that holds the fewest places on all nodes, then of the
// owner and parent that do, then of the smallest; and there is a place for small
// operations only (turns.go). Then a worker enters the registry of running work,
// and claims its task. A cancel changes the row first and then looks at the
// registry, here at once, on other nodes by a notice. So either the cancel finds
// the worker, or the worker's claim finds the operation ended. If the notice is
// lost, a look at the states of what runs here finds it within a second, once the
// store answers.
//
// A claimed task is RUNNING in the store until the worker says that nothing of it
// is under way, whatever became of it; or until its node is known to be gone. So
// the Discard of an operation, which is offered when no task of it is RUNNING, never
// removes scratch under somebody who writes it.
//
// An operation's shards are ready a window at a time, the next one in the
// transaction that keeps a result. That transaction also makes Finish ready after
// the last shard, and the one that ends an operation makes its Discard ready.
//
// # Nodes
//
// On a store for many nodes each has a lease. When it may be over for the others,
// the contexts of all its work end with [ErrLost], nothing is written any more, and
// the node joins again. What it had claimed another one claims. A node is offered
// only what it is able to do (Config.Abilities, NewOperation.Needs); what none has
// been able to do for Config.Abandoned fails with that reason.
//
// # Errors
//
// An error of the store means that nothing is known of the write's effect. So
// every write may be repeated, what cannot be is looked for afterwards (Start,
// CancelOperation, DeleteOperation), and what hangs on it is left until it is
// known who won: an outcome is dropped only when its Finalize has lost, and
// after the point of no return it is told from others by its receipt.
//
// The methods of [Manager] return *fault.Error. An operation's own error is
// the public sentence of what its Kind returned; causes go to the log.
package lro
