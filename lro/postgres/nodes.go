package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// NodeInfo is a node as operators see it.
type NodeInfo struct {
	ID, Name, Version string
	Slots             int
	Abilities         []string
	Joined            time.Time
	// Lease is what is left of the lease; zero or less of a node that is gone.
	Lease time.Duration
	// Tasks is how many it works on.
	Tasks    int
	Draining bool
}

const (
	listNodes = `SELECT id, name, version, slots, abilities, joined, CASE WHEN left_at IS NULL THEN lease_until - store_now() ELSE 0 END, draining,
		(SELECT count(*) FROM op_tasks t WHERE t.state = 'RUNNING' AND t.node = n.id)
		FROM nodes n WHERE left_at IS NULL ORDER BY name, joined, id`

	drainNode = `UPDATE nodes SET draining = $2 WHERE left_at IS NULL AND id IN (SELECT id FROM nodes WHERE id = $1 OR name = $1 ORDER BY id FOR UPDATE)`
)

// Nodes are those that have not left.
func (s *Store) Nodes(ctx context.Context) ([]NodeInfo, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, listNodes)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n NodeInfo, err error) {
		var joined, lease int64
		err = row.Scan(&n.ID, &n.Name, &n.Version, &n.Slots, &n.Abilities, &joined, &lease, &n.Draining, &n.Tasks)
		n.Joined, n.Lease = instant(joined), time.Duration(lease)*time.Microsecond
		return n, err
	})
}

// Drain has the nodes of this id or name take no more tasks, or take them again. It
// returns how many nodes that are. They know within a quarter of [LeaseTime].
func (s *Store) Drain(ctx context.Context, node string, drain bool) (int, error) {
	n, err := s.exec(ctx, drainNode, node, drain)
	return int(n), err
}

// Health is what can be said of the database.
type Health struct {
	Version string        // PostgreSQL's
	Schema  int           // the version of the operations' schema
	Took    time.Duration // of an answer
	// Ahead is how far the database's clock is before this machine's, known to
	// half of Took.
	Ahead time.Duration
}

// Check asks the database how it is. A database that only reads, such as one that
// stands by, is an error.
func (s *Store) Check(ctx context.Context) (h Health, err error) {
	var reads bool
	var now int64
	began := time.Now()
	err = s.row(ctx, `SELECT current_setting('server_version'), (SELECT version FROM schema_version), store_now(), pg_is_in_recovery()`, nil,
		&h.Version, &h.Schema, &now, &reads)
	h.Took = time.Since(began)
	switch {
	case err != nil:
		return h, fmt.Errorf("the operations' database does not answer: %w", err)
	case reads:
		return h, errors.New("the operations' database is a standby, which only reads: name the primary")
	}
	h.Ahead = instant(now).Sub(began.Add(h.Took / 2)).Round(time.Millisecond)
	return h, nil
}

// Lost reports whether this process was a node and may be taken for dead: it works on
// nothing until it has joined again.
func (s *Store) Lost() bool { return s.node.Load() == nil }
