// Package lro keeps long-running operations: durable, and truly cancellable.
//
// A program writes a [Kind], which says how one sort of work is done, opens a
// store (package sqlite), makes a [Manager] of both with [Open], and calls
// [Manager.Run]. From then on [Manager.Start] accepts operations, and the
// Manager answers for them as google.longrunning.Operations. It knows nothing
// of what the work is, who the callers are, or how they reached it.
//
// # What is promised
//
//   - An operation that Start has returned is done to its end, whatever
//     crashes. At most one shard per slot is done again after a crash.
//   - When CancelOperation has returned for a running operation, the operation
//     is done with the code CANCELLED, and stays so. The work stops as a
//     consequence.
//   - The outcome of an operation is written once.
//   - A cancelled or failed operation shows no outcome; a succeeded one shows
//     all of it.
//
// # States
//
//	          Start
//	            |
//	            v         Finish is done:           Commit is done,
//	        +-------+     point of no return      +-----------+
//	        |RUNNING|---------------------------->|FINALIZING |
//	        +-------+<----------------------------+-----------+
//	         |     |      after a crash, if           |     |
//	 Cancel  |     |      Committed says no           |     | Commit is done, or
//	         |     | a task failed for good           |     | Committed says yes
//	         v     v                                  |     v
//	+---------+  +------+                             |  +---------+
//	|CANCELLED|  |FAILED|                             +->|SUCCEEDED|
//	+---------+  +------+                                +---------+
//
// The operation's row is the authority. It changes by one compare-and-set
// statement, and whoever has changed a row has won:
//
//   - Cancel against the end of the last shard: whichever comes first. Either
//     the shard's commit finds an operation that is not RUNNING any more, and
//     is rolled back; or the operation goes on to Finish, where it can still be
//     cancelled.
//   - Cancel against Finish: until FINALIZING the cancel wins, and what Finish
//     produced is discarded unseen. From FINALIZING on, which takes
//     milliseconds, the cancel changes nothing and the operation succeeds.
//   - Cancel against failure: whichever comes first is the outcome.
//   - A worker that was thought dead against its successor: every write of a
//     worker is fenced by the pair (job, attempt) with which it claimed its
//     task. The rescue gives the task a new job, and the old worker's writes
//     change nothing.
//   - Delete against anything: it hides the operation and touches nothing else.
//
// # The order of a worker
//
// A worker enters the registry of running work before it claims its task. A
// cancel changes the row first and then looks at the registry. So either the
// cancel finds the worker, or the worker's claim finds the operation ended.
// Waiting for a slot comes before the claim, so that a stop hands back what
// has only waited at no cost.
//
// An operation's shards are dispatched a window at a time, the next one in the
// transaction that keeps a result, so that big operations take turns. That
// transaction also dispatches Finish after the last shard, and the one that
// ends an operation dispatches its Discard.
//
// # Errors
//
// The methods of [Manager] return *fault.Error. An operation's own error is
// the public sentence of what its Kind returned; causes go to the log.
package lro
