package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const (
	// idle holds for an operation of which no task is claimed.
	idle = ` NOT EXISTS (SELECT 1 FROM op_tasks r WHERE r.op = t.op AND r.state = 'RUNNING') `

	// A claim may be repeated by whoever has it.
	claimTask = `UPDATE op_tasks AS t SET state = 'RUNNING', epoch = ?3 + 1, claim_time = ?4
		WHERE op = ?1 AND idx = ?2 AND (state = 'READY' AND epoch = ?3 OR state = 'RUNNING' AND epoch = ?3 + 1)
		AND EXISTS (SELECT 1 FROM operations o WHERE o.id = ?1 AND CASE t.role
			WHEN 'shard' THEN o.state = 'RUNNING'
			WHEN 'finish' THEN o.state IN ('RUNNING', 'FINALIZING')
			ELSE o.end_time IS NOT NULL AND (t.state = 'RUNNING' OR` + idle + `) END)
		RETURNING role, shards, party, tries, failures, crashes, weight`

	getClaimed = `SELECT o.kind, o.parent, o.owner, o.state, o.needs, o.redos, o.receipt, i.request, p.payload
		FROM operations o LEFT JOIN op_inputs i ON i.op = o.id LEFT JOIN op_payloads p ON p.op = o.id AND p.idx = ?2
		WHERE o.id = ?1`

	findOrphans = `SELECT op, idx, epoch, role, shards, claim_time, suspicions FROM op_tasks WHERE state = 'RUNNING'`

	rescueTask = `UPDATE op_tasks SET crashes = crashes + ?4, suspicions = suspicions + ?5, due = ?6,` + handedBack + whenLeft + `WHERE` + held
)

// findReady are tasks that are ready, of each lane those that are due longest.
var findReady = func() string {
	lanes := make([]string, queue.Lanes)
	for l := range lanes {
		lanes[l] = fmt.Sprintf(`SELECT * FROM (SELECT op, idx, epoch, role, shards, party, suspicions, lane, due FROM op_tasks t
			WHERE state = 'READY' AND lane = %[1]d AND due <= ?%[2]d %[4]s ORDER BY due, op, idx LIMIT ?%[3]d)`, l, queue.Lanes+1, l+1,
			map[bool]string{true: "AND" + idle}[queue.Lane(l) == queue.Discards])
	}
	return strings.Join(lanes, " UNION ALL ")
}()

// writes and reads are all statements, to be prepared at Open.
var (
	writes = []string{
		getByKey, freeKey, insertOperation, insertInput, hideOperation, endOperation, giveUpTasks, finalizeOperation, reopenOperation, getReopened, wishCancel,
		countTaken, insertName, markNamed,
		countAlive, countOfParty, countOfGroup, insertSecret, insertDeed, addSum, deleteSums,
		insertTask, insertPayload, claimTask, completeTask, addProgress, advanceOperation, advanceTask, readyNext, retryTask,
		releaseTask, countRedo, readyFinish, redoTask, endTask, deleteTasks, deletePayloads, deleteInput,
		findOrphans, rescueTask, savepoint, undo, forget,
		findExpired, deleteOperations, deleteAllTasks, deleteAllLoads, deleteAllInputs,
	}
	reads = []string{
		getOperation, getUnnamed, getStates, getSecret, getClaimed, getResults, findReady, getLoad, getSums, getParents, getDeed, getDeeds,
		listQuery(false, false, false), listQuery(false, true, false), listQuery(false, true, true),
		listQuery(true, false, false), listQuery(true, true, false), listQuery(true, true, true),
	}
)

var errSecondNode = errors.New("this process is the store's node already")

// Join implements driver.Store. This process is the only one, by the directory's
// lock: so nothing keeps it from being the node, and it loses its place only with
// its life.
func (s *Store) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	if !s.node.CompareAndSwap(nil, &n) {
		return nil, errSecondNode
	}
	if err := s.rescue(ctx); err != nil {
		s.node.Store(nil)
		return nil, err
	}
	s.beginPulse()
	return &membership{s}, nil
}

// ring tells the node, if there is one, that there may be something to do.
func (s *Store) ring() {
	if n := s.node.Load(); n != nil {
		n.Work()
	}
}

// rescue makes ready again what an earlier process had claimed.
func (s *Store) rescue(ctx context.Context) error {
	died, err := s.lastPulse()
	if err != nil {
		return err
	}
	_, err = s.transact(ctx, func(t tx) error {
		orphans, err := findTasks(t)
		if err != nil {
			return err
		}
		for i, v := range queue.Autopsy(died, orphans) {
			o := orphans[i]
			if err := t.must(rescueTask, o.Op, o.Index, o.Epoch, v.Crashes, v.Suspicions, s.due()); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func findTasks(t tx) (found []queue.Orphan, err error) {
	rows, err := t.StmtContext(t.ctx, t.on.statements[findOrphans]).QueryContext(t.ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o queue.Orphan
		var since int64
		if err := rows.Scan(&o.Op, &o.Index, &o.Epoch, &o.Role, &o.Shards, &since, &o.Suspicions); err != nil {
			return nil, err
		}
		o.Since = instant(since)
		found = append(found, o)
	}
	return found, rows.Err()
}

// membership is this process's.
type membership struct{ *Store }

// ID implements driver.Membership.
func (m *membership) ID() string { return "local" }

// Trusted implements driver.Membership.
func (m *membership) Trusted() bool { return true }

// Offers implements driver.Membership.
func (m *membership) Offers(ctx context.Context, want driver.Want) (driver.Offers, error) {
	args := make([]any, queue.Lanes+1)
	for l := range queue.Lanes {
		args[l] = l.Limit(want)
	}
	args[queue.Lanes] = m.due()
	rows, err := m.read.statements[findReady].QueryContext(ctx, args...)
	if err != nil {
		return driver.Offers{}, err
	}
	defer rows.Close()
	var ready []queue.Waiting
	for rows.Next() {
		var w queue.Waiting
		var suspicions int
		if err := rows.Scan(&w.Op, &w.Index, &w.Epoch, &w.Role, &w.Shards, &w.Party, &suspicions, &w.Lane, &w.Due); err != nil {
			return driver.Offers{}, err
		}
		w.Alone = queue.Suspect(w.Role, suspicions)
		ready = append(ready, w)
	}
	return queue.Offer(ready), rows.Err()
}

// Claim implements driver.Membership.
func (m *membership) Claim(ctx context.Context, o driver.Offer) (t driver.Task, won bool, err error) {
	t.Offer = o
	t.Epoch++
	row := m.write.statements[claimTask].QueryRowContext(ctx, o.Op, o.Index, o.Epoch, m.due())
	if err := row.Scan(&t.Role, &t.Shards, &t.Party, &t.Tries, &t.Failures, &t.Crashes, &t.Weight); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return driver.Task{}, false, nil
		}
		return driver.Task{}, false, err
	}
	var needs string
	row = m.read.statements[getClaimed].QueryRowContext(ctx, o.Op, o.Index)
	if err := row.Scan(&t.Kind, &t.Parent, &t.Owner, &t.State, &needs, &t.Redos, &t.Receipt, &t.Request, &t.Payload); err != nil {
		return driver.Task{}, false, err
	}
	return t, true, json.Unmarshal([]byte(needs), &t.Needs)
}

// Leave implements driver.Membership.
func (m *membership) Leave(ctx context.Context) error {
	_, err := m.transact(ctx, func(t tx) error {
		left, err := findTasks(t)
		if err != nil {
			return err
		}
		for _, o := range left {
			if err := t.must(releaseTask, o.Op, o.Index, o.Epoch, m.due()); err != nil {
				return err
			}
		}
		return nil
	})
	m.endPulse()
	m.node.Store(nil)
	return err
}
