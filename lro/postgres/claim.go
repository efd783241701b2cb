package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const (
	// idle holds for an operation of which no task is claimed.
	idle = ` NOT EXISTS (SELECT FROM op_tasks r WHERE r.op = t.op AND r.state = 'RUNNING') `

	// able holds for what this node may do: it is able to, or nobody has been for
	// so long that the operation had better end.
	able = ` (t.needs <@ $1 OR t.due < store_now() - $2
		AND NOT EXISTS (SELECT FROM nodes n WHERE n.lease_until > store_now() - $2 AND t.needs <@ n.abilities)) `

	// A claim may be repeated by the node that has it. It waits for whoever has the
	// row, rather than skip it: after a claim whose answer was lost, that may be
	// itself.
	claimTask = `WITH c AS (
			UPDATE op_tasks t SET state = 'RUNNING', epoch = $3 + 1, node = $4, claim_time = store_now()
			WHERE op = $1 AND idx = $2 AND (state = 'READY' AND epoch = $3 OR state = 'RUNNING' AND epoch = $3 + 1 AND node = $4)
			AND EXISTS (SELECT FROM nodes WHERE id = $4 AND left_at IS NULL AND lease_until > store_now())
			AND EXISTS (SELECT FROM operations o WHERE o.id = $1 AND CASE t.role
				WHEN 'shard' THEN o.state = 'RUNNING'
				WHEN 'finish' THEN o.state IN ('RUNNING', 'FINALIZING')
				ELSE o.end_time IS NOT NULL AND (t.state = 'RUNNING' OR` + idle + `) END)
			RETURNING *)
		SELECT c.role, c.shards, c.party, c.tries, c.failures, c.crashes, c.weight,
			o.kind, o.parent, o.owner, o.state, o.needs, o.redos, o.receipt, i.request, p.payload
		FROM c JOIN operations o ON o.id = c.op LEFT JOIN op_inputs i ON i.op = c.op LEFT JOIN op_payloads p ON p.op = c.op AND p.idx = c.idx`

	// closeTasks comes before the claim of a Discard task, in one transaction: what an
	// end has left ready nobody can claim any more.
	closeTasks = `WITH l AS (SELECT idx FROM op_tasks WHERE op = $1 AND (idx = $2 OR state = 'READY') ORDER BY idx FOR UPDATE)
		UPDATE op_tasks t SET state = 'DONE' FROM l WHERE t.op = $1 AND t.idx = l.idx AND t.role <> 'discard' AND t.state = 'READY'`

	countBusy = `SELECT op, party, count(*) FROM op_tasks WHERE state = 'RUNNING' AND node <> $1 AND role <> 'discard' GROUP BY op, party`
)

// findReady are tasks that are ready and that a node may do, of each lane those
// that are due longest.
var findReady = func() string {
	lanes := make([]string, queue.Lanes)
	for l := range lanes {
		also := ""
		if queue.Lane(l) == queue.Discards {
			also = "AND" + idle
		}
		lanes[l] = fmt.Sprintf(`(SELECT op, idx, epoch, role, shards, party, suspicions, NOT needs <@ $1, lane, due FROM op_tasks t
			WHERE state = 'READY' AND lane = %d AND due <= store_now() AND`+able+also+` ORDER BY due, op, idx LIMIT $%d)`, l, l+3)
	}
	return strings.Join(lanes, " UNION ALL ")
}()

// Offers implements driver.Membership.
func (m *membership) Offers(ctx context.Context, want driver.Want) (driver.Offers, error) {
	if err := m.trusted(); err != nil {
		return driver.Offers{}, err
	}
	if m.draining.Load() {
		return driver.Offers{}, nil
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	args := []any{m.abilities(), m.node.Abandoned.Microseconds()}
	for l := range queue.Lanes {
		args = append(args, l.Limit(want))
	}
	var ready []queue.Waiting
	var busy []driver.Busy
	var b pgx.Batch
	b.Queue(findReady, args...).Query(func(rows pgx.Rows) (err error) {
		ready, err = pgx.CollectRows(rows, scanWaiting)
		return err
	})
	if want.Large+want.Small > 0 {
		b.Queue(countBusy, m.id).Query(func(rows pgx.Rows) (err error) {
			busy, err = pgx.CollectRows(rows, pgx.RowToStructByPos[driver.Busy])
			return err
		})
	}
	if err := m.pool.SendBatch(ctx, &b).Close(); err != nil {
		return driver.Offers{}, err
	}
	offers := queue.Offer(ready)
	offers.Busy = busy
	return offers, nil
}

func scanWaiting(row pgx.CollectableRow) (w queue.Waiting, err error) {
	var suspicions int
	var lane int16
	err = row.Scan(&w.Op, &w.Index, &w.Epoch, &w.Role, &w.Shards, &w.Party, &suspicions, &w.Abandoned, &lane, &w.Due)
	w.Alone, w.Lane = queue.Suspect(w.Role, suspicions), queue.Lane(lane)
	return w, err
}

// Claim implements driver.Membership.
func (m *membership) Claim(ctx context.Context, o driver.Offer) (t driver.Task, won bool, err error) {
	if err := m.trusted(); err != nil {
		return driver.Task{}, false, err
	}
	t.Offer = o
	t.Epoch++
	ctx, cancel := bounded(ctx)
	defer cancel()
	var b pgx.Batch
	if o.Role == driver.Discard {
		b.Queue(closeTasks, o.Op, o.Index)
	}
	b.Queue(claimTask, o.Op, o.Index, o.Epoch, m.id).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&t.Role, &t.Shards, &t.Party, &t.Tries, &t.Failures, &t.Crashes, &t.Weight,
			&t.Kind, &t.Parent, &t.Owner, &t.State, &t.Needs, &t.Redos, &t.Receipt, &t.Request, &t.Payload)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		won = err == nil
		return err
	})
	if err := m.pool.SendBatch(ctx, &b).Close(); err != nil || !won {
		return driver.Task{}, false, err
	}
	return t, true, nil
}
