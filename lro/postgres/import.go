package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const (
	importOperation = `INSERT INTO operations (id, parent, kind, owner, state, create_time, update_time, end_time, expire_time, delete_time,
			shards, shards_done, work_total, work_done, error_code, error_msg, response, idem_key, idem_hash, needs, cancel_requested, receipt, redos, counted_in, label, names)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
		ON CONFLICT (id) DO NOTHING`

	importInput = `INSERT INTO op_inputs (op, request) VALUES ($1, $2)`

	importTask = `INSERT INTO op_tasks (op, idx, role, state, epoch, lane, due, shards, party, needs, failures, crashes, suspicions, weight, result)
		VALUES ($1, $2, $3, $4, $5, $6, store_now(), $7, $8, $9, $10, $11, $12, $13, $14)`

	importNames = `INSERT INTO op_names (op, path, use) SELECT $1, path, use FROM unnest($2::text[], $3::text[]) AS w (path, use)`

	importPayload = `INSERT INTO op_payloads (op, idx, payload) VALUES ($1, $2, $3)`
)

// Import writes an operation of another store, to be worked on from where it
// stood. It reports false if it is here already.
func (s *Store) Import(ctx context.Context, r driver.Record) (fresh bool, err error) {
	fresh, err = s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, importOperation, r.ID, r.Parent, r.Kind, r.Owner, r.State,
			r.Created.UnixMicro(), r.Updated.UnixMicro(), microsOf(r.Ended), microsOf(r.Expires), microsOf(r.Deleted),
			r.Shards, r.ShardsDone, r.WorkTotal, r.WorkDone, errorOf(r, r.ErrorCode), errorOf(r, r.ErrorMessage), r.Response,
			orNull(r.IdempotencyKey), r.IdempotencyHash, present(r.Needs), r.CancelRequested, r.Receipt, r.Redos, present(r.Groups), r.Label, countOf(r))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errLost
		}
		var b pgx.Batch
		if r.Request != nil {
			b.Queue(importInput, r.ID, r.Request)
		}
		if len(r.Names) > 0 {
			paths, uses, _ := columnsOf(r.Names)
			b.Queue(importNames, r.ID, paths, uses)
		}
		for _, t := range r.Tasks {
			queueTask(&b, r, t)
		}
		return tx.SendBatch(ctx, &b).Close()
	})
	if fresh {
		s.ring()
	}
	return fresh, err
}

// queueTask adds one task to a batch. What was ready goes before others.
func queueTask(b *pgx.Batch, r driver.Record, t driver.RecordedTask) {
	state := "WAITING"
	switch {
	case t.Ready:
		state = "READY"
	case t.Done:
		state = "DONE"
	}
	needs := present(r.Needs)
	if t.Role == driver.Discard {
		needs = needs[:min(1, len(needs))]
	}
	b.Queue(importTask, r.ID, t.Index, t.Role, state, t.Epoch, int(queue.Again(t.Role, r.Shards)), r.Shards, queue.Party(r.Owner, r.Parent), needs,
		t.Failures, t.Crashes, t.Suspicions, t.Weight, t.Result)
	if t.Payload != nil {
		b.Queue(importPayload, r.ID, t.Index, t.Payload)
	}
}

// countOf is how many names the operation has, or nil if they are not known.
func countOf(r driver.Record) *int {
	if !r.Named {
		return nil
	}
	n := len(r.Names)
	return &n
}

func microsOf(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	micros := t.UnixMicro()
	return &micros
}

// errorOf is a part of the operation's error, or nil if it has none.
func errorOf[T any](r driver.Record, part T) *T {
	if r.State == driver.Failed || r.State == driver.Cancelled {
		return &part
	}
	return nil
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
