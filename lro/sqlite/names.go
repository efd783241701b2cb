package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// A path is taken by what needs it otherwise, by what is below it, and by what
	// one of its folders ?3 is to be.
	countTaken = `SELECT (SELECT count(*) FROM op_names WHERE path = ?1 AND use <> ?2)
		+ (SELECT count(*) FROM op_names WHERE path > ?1 || '/' AND path < ?1 || '0')
		+ (SELECT count(*) FROM op_names WHERE path IN (SELECT value FROM json_each(?3)))`

	insertName = `INSERT INTO op_names (op, path, use) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`

	getUnnamed = `SELECT o.id, o.kind, o.parent, o.owner, i.request FROM operations o INDEXED BY operations_unnamed LEFT JOIN op_inputs i ON i.op = o.id
		WHERE o.end_time IS NULL AND o.names IS NULL AND o.id > ? ORDER BY o.id LIMIT ?`

	markNamed = `UPDATE operations SET names = ?2 WHERE id = ?1 AND end_time IS NULL AND names IS NULL`
)

// holds are names that no operation has, in memory, since there is one process only;
// and so that objects can be removed while the disk is full. A hold is added within a
// transaction on the writer: Create, which looks at the holds in one, finds it, or was
// before and is found.
type holds struct {
	mu  sync.Mutex
	all map[*hold]struct{}
}

type hold struct {
	names []driver.Name
	until time.Time
}

// taken is a TakenError if a name collides with what is held.
func (h *holds) taken(names []driver.Name, now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for held := range h.all {
		if now.After(held.until) {
			delete(h.all, held)
			continue
		}
		for _, n := range names {
			if slices.ContainsFunc(held.names, func(other driver.Name) bool { return driver.Collide(n, other) }) {
				return driver.TakenError{Path: n.Path}
			}
		}
	}
	return nil
}

func (h *holds) add(one *hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = make(map[*hold]struct{})
	}
	h.all[one] = struct{}{}
}

func (h *holds) remove(one *hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, one)
}

// free is a TakenError if a name collides with an operation's or with what is held.
// It belongs to whoever has the writer.
func (s *Store) free(t tx, names []driver.Name) error {
	for _, n := range names {
		folders, err := json.Marshal(append([]string{}, driver.Folders(n.Path)...))
		if err != nil {
			return err
		}
		var others int
		if err := t.row(countTaken, n.Path, n.Use, string(folders)).Scan(&others); err != nil {
			return err
		}
		if others > 0 {
			return driver.TakenError{Path: n.Path}
		}
	}
	return s.held.taken(names, s.clock())
}

// insertNames gives an operation its names.
func insertNames(t tx, id string, names []driver.Name) error {
	for _, n := range names {
		if _, err := t.exec(insertName, id, n.Path, n.Use); err != nil {
			return err
		}
	}
	return nil
}

// Hold implements driver.Store.
func (s *Store) Hold(ctx context.Context, names []driver.Name) (release func(), err error) {
	one := &hold{names: slices.Clone(names), until: s.clock().Add(driver.HoldTime)}
	_, err = s.transact(ctx, func(t tx) error {
		if err := s.free(t, names); err != nil {
			return err
		}
		s.held.add(one)
		return nil
	})
	if err != nil {
		s.held.remove(one)
		return nil, err
	}
	return func() { s.held.remove(one) }, nil
}

// Unnamed implements driver.Store.
func (s *Store) Unnamed(ctx context.Context, after string, limit int) (all []driver.Alive, err error) {
	rows, err := s.read.statements[getUnnamed].QueryContext(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a driver.Alive
		if err := rows.Scan(&a.ID, &a.Kind, &a.Parent, &a.Owner, &a.Request); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// Name implements driver.Store.
func (s *Store) Name(ctx context.Context, id string, names []driver.Name) error {
	_, err := s.transact(ctx, func(t tx) error {
		if err := t.must(markNamed, id, len(names)); err != nil {
			return err
		}
		return insertNames(t, id, names)
	})
	return err
}
