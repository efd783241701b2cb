package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Locks have one order, so that no two transactions wait for each other:
//
//   - first an operation's row, of one operation only;
//   - then tasks, by operation and index;
//   - then what nobody else waits for while it has more to lock: names, inputs, nodes.
//
// Whatever changes an operation, or makes a task ready because of what its operation has
// come to, begins with lockOperation. PostgreSQL reads what a statement decides by as it
// was when the statement began, even if the statement then waits for a lock; of the row
// that it waited for it looks at the new version, of no other. So the lock is a statement
// of its own: those after it, in the same transaction, see all that whoever had it before
// has done.
//
// What changes claimed tasks only (a claim, Retry, Release, a rescue) does without, for a
// claim would otherwise wait for every result of its operation. It may then see an
// operation running that has just ended:
//
//   - a claim that does is told of the end like every other, by the notice or by the look
//     at the states, and its writes are refused;
//   - a task that is given back is ready and should be done; nobody claims it, since the
//     operation has ended;
//   - and before a Discard begins, closeTasks makes all that is ready done. A claim that
//     is still on its way finds its task changed, and has lost.
//
// An end takes those of a task for itself that it may find ready. A claim that came first
// is left to end by itself.
//
// An operation that has ended is not locked, since nothing of it changes, and what writes
// nothing need not wait for the disk.
const lockOperation = `SELECT FROM operations WHERE id = $1 AND end_time IS NULL FOR NO KEY UPDATE`

// locked runs statements in one transaction, which is sent at once, while nobody else
// has the operation's row.
func (s *Store) locked(ctx context.Context, op string, add func(*pgx.Batch)) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	var b pgx.Batch
	b.Queue(lockOperation, op)
	add(&b)
	return s.pool.SendBatch(ctx, &b).Close()
}

// lockedChange is a compare-and-set of one row under that lock.
func (s *Store) lockedChange(ctx context.Context, op, query string, args ...any) (won bool, err error) {
	err = s.locked(ctx, op, func(b *pgx.Batch) {
		b.Queue(query, args...).Exec(func(tag pgconn.CommandTag) error {
			won = tag.RowsAffected() == 1
			return nil
		})
	})
	return won && err == nil, err // it may have been undone after it had won
}
