package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

var (
	insertNode = `INSERT INTO nodes (id, name, version, slots, abilities, joined, lease_until)
		VALUES ($1, $2, $3, $4, $5, store_now(), store_now() + $6)`

	renewLease = `UPDATE nodes SET lease_until = store_now() + $2, abilities = $3 WHERE id = $1 AND left_at IS NULL AND lease_until > store_now() RETURNING draining`

	// One node at a time rescues, so that it sees all of what a dead one had.
	rescueLock    = `SELECT pg_advisory_xact_lock(hashtext('lectern rescue ' || current_schema()))`
	tryRescueLock = `SELECT pg_try_advisory_xact_lock(hashtext('lectern rescue ' || current_schema()))`

	findOrphans = `SELECT t.op, t.idx, t.epoch, t.role, t.shards, t.claim_time, t.suspicions, t.node, coalesce(n.lease_until - $1, t.claim_time)
		FROM op_tasks t LEFT JOIN nodes n ON n.id = t.node
		WHERE t.state = 'RUNNING' AND (n.id IS NULL OR n.left_at IS NOT NULL OR n.lease_until <= store_now()) ORDER BY t.op, t.idx FOR UPDATE OF t`

	rescueTask = `UPDATE op_tasks SET crashes = crashes + $4, suspicions = suspicions + $5,` + handedBack + whenLeft + `WHERE` + held

	buryNodes = `UPDATE nodes SET left_at = lease_until WHERE left_at IS NULL AND lease_until <= store_now()
		AND id IN (SELECT id FROM nodes WHERE left_at IS NULL AND lease_until <= store_now() ORDER BY id FOR UPDATE)`

	// nextEnd is how long the lease lasts that is over first.
	nextEnd = `SELECT coalesce(min(lease_until) - store_now(), $1) FROM nodes WHERE left_at IS NULL`

	forgetNodes = `DELETE FROM nodes WHERE left_at < store_now() - $1`

	leaveTasks = `UPDATE op_tasks SET` + handedBack + whenLeft + `WHERE state = 'RUNNING' AND node = $1
		AND (op, idx) IN (SELECT op, idx FROM op_tasks WHERE state = 'RUNNING' AND node = $1 ORDER BY op, idx FOR UPDATE)`

	leaveNode = `UPDATE nodes SET left_at = store_now() WHERE id = $1 AND left_at IS NULL`
)

// nodeMemory is how long the rows of nodes that are gone stay, at least.
const nodeMemory = 24 * time.Hour

// membership is one life of this process as a node.
type membership struct {
	*Store
	id       string
	node     driver.Node
	draining atomic.Bool

	stop   context.CancelFunc
	parts  sync.WaitGroup
	mu     sync.Mutex
	until  time.Time // by this machine's clock; then the lease may be over
	cause  error     // why it is lost
	parted bool      // it has left
}

// Join implements driver.Store.
func (s *Store) Join(ctx context.Context, n driver.Node) (driver.Membership, error) {
	m := &membership{Store: s, id: strings.ToLower(rand.Text()), node: n}
	conn, err := s.listener(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if _, err := s.exec(ctx, insertNode, m.id, n.Name, n.Version, n.Slots, m.abilities(), LeaseTime.Microseconds()); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	if _, err := m.rescue(ctx, rescueLock); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	m.until = began.Add(LeaseTime)
	s.node.Store(&m.node)
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	m.stop = stop
	m.parts.Go(func() { m.keep(life) })
	m.parts.Go(func() { m.listen(life, conn) })
	m.parts.Go(func() { m.watch(life) })
	return m, nil
}

// abilities are those of the node at the moment.
func (m *membership) abilities() []string { return present(m.node.Abilities()) }

// ID implements driver.Membership.
func (m *membership) ID() string { return m.id }

// ring tells this node and the others that there may be something to do.
func (s *Store) ring() {
	if n := s.node.Load(); n != nil {
		n.Work()
	}
	s.notices.work()
}

// keep renews the lease until ctx ends or nothing says any more that it holds. It is
// counted from when the statement was sent that gave it.
func (m *membership) keep(ctx context.Context) {
	tick := time.NewTicker(LeaseTime / 4)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		began, until := time.Now(), m.trustedUntil()
		draining, held, err := m.renew(ctx, until)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && held && time.Now().Before(until):
			m.draining.Store(draining)
			m.trust(began.Add(LeaseTime))
		case err == nil:
			m.lose(errors.New("the lease was not renewed in time"))
			return
		case !time.Now().Before(until):
			m.lose(fmt.Errorf("the lease could not be renewed: %w", err))
			return
		}
	}
}

// renew asks for another lease time, until the one that there is ends.
func (m *membership) renew(ctx context.Context, until time.Time) (draining, held bool, err error) {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	err = m.row(ctx, renewLease, []any{m.id, LeaseTime.Microseconds(), m.abilities()}, &draining)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, false, nil
	}
	return draining, err == nil, err
}

// lose ends the membership because it might be over for the others.
func (m *membership) lose(cause error) {
	m.mu.Lock()
	lost := m.cause == nil && !m.parted
	if lost {
		m.cause = cause
	}
	m.mu.Unlock()
	if lost {
		m.Store.node.CompareAndSwap(&m.node, nil)
		m.node.Lost(cause)
	}
}

// trusted is nil while the others do not take this node for dead.
func (m *membership) trusted() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.cause != nil:
		return fmt.Errorf("%w: %w", driver.ErrLost, m.cause)
	case !time.Now().Before(m.until):
		return driver.ErrLost
	}
	return nil
}

// Trusted implements driver.Membership.
func (m *membership) Trusted() bool { return m.trusted() == nil }

func (m *membership) trustedUntil() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.until
}

func (m *membership) trust(until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.until = until
}

// watch looks after the others until ctx ends: often, and when a lease may be over that
// was not renewed until then.
func (m *membership) watch(ctx context.Context) {
	timer := time.NewTimer(LeaseTime / 4)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		pause := LeaseTime / 4
		if m.Trusted() { // else it rescues nobody, and is about to end or to be heard of again
			left, err := m.rescue(ctx, tryRescueLock)
			if err != nil && ctx.Err() == nil {
				m.log.Warn("looking for tasks of nodes that are gone", "error", err)
			}
			pause = min(pause, max(left, time.Millisecond))
		}
		timer.Reset(pause)
	}
}

// rescue makes ready again what nodes that are gone had claimed, and returns how long
// it is until the next may be. lock is how the right to do so is got.
func (m *membership) rescue(ctx context.Context, lock string) (left time.Duration, err error) {
	left = LeaseTime
	found := 0
	_, err = m.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		alone := true
		if lock == rescueLock {
			if _, err := tx.Exec(ctx, lock); err != nil {
				return err
			}
		} else if err := tx.QueryRow(ctx, lock).Scan(&alone); err != nil || !alone {
			return err
		}
		rows, err := tx.Query(ctx, findOrphans, LeaseTime.Microseconds())
		if err != nil {
			return err
		}
		orphans, err := pgx.CollectRows(rows, scanOrphan)
		if err != nil {
			return err
		}
		found = len(orphans)
		var b pgx.Batch
		for _, of := range byNode(orphans) {
			for i, v := range queue.Autopsy(of.died, of.tasks) {
				o := of.tasks[i]
				b.Queue(rescueTask, o.Op, o.Index, o.Epoch, v.Crashes, v.Suspicions)
			}
		}
		b.Queue(buryNodes)
		b.Queue(forgetNodes, max(nodeMemory, 2*m.node.Abandoned).Microseconds())
		b.Queue(nextEnd, LeaseTime.Microseconds()).QueryRow(func(row pgx.Row) error {
			var micros int64
			err := row.Scan(&micros)
			left = time.Duration(micros) * time.Microsecond
			return err
		})
		return tx.SendBatch(ctx, &b).Close()
	})
	if err == nil && found > 0 {
		m.log.Warn("tasks of nodes that are gone are done again", "tasks", found)
		m.ring()
	}
	return left, err
}

// orphan is a task of a node that is gone.
type orphan struct {
	queue.Orphan
	node string
	died time.Time
}

func scanOrphan(row pgx.CollectableRow) (o orphan, err error) {
	var since, died int64
	err = row.Scan(&o.Op, &o.Index, &o.Epoch, &o.Role, &o.Shards, &since, &o.Suspicions, &o.node, &died)
	o.Since, o.died = instant(since), instant(died)
	return o, err
}

// estate is what a dead node had.
type estate struct {
	died  time.Time
	tasks []queue.Orphan
}

// byNode sorts orphans by their nodes.
func byNode(orphans []orphan) (all []estate) {
	slices.SortStableFunc(orphans, func(a, b orphan) int { return cmp.Compare(a.node, b.node) })
	for i, o := range orphans {
		if i == 0 || o.node != orphans[i-1].node {
			all = append(all, estate{died: o.died})
		}
		last := &all[len(all)-1]
		last.tasks = append(last.tasks, o.Orphan)
	}
	return all
}

// Leave implements driver.Membership.
func (m *membership) Leave(ctx context.Context) error {
	m.mu.Lock()
	lost := m.cause != nil
	m.parted = true
	m.mu.Unlock()
	m.stop()
	m.parts.Wait()
	m.Store.node.CompareAndSwap(&m.node, nil)
	if lost {
		return nil
	}
	found := int64(0)
	_, err := m.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, leaveTasks, m.id)
		if err != nil {
			return err
		}
		found = tag.RowsAffected()
		_, err = tx.Exec(ctx, leaveNode, m.id)
		return err
	})
	if err == nil && found > 0 {
		m.notices.work()
	}
	return err
}
