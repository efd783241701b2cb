package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// line is where writes wait for the one connection. Whoever gets it takes all that wait
// along, in one transaction: the disk is waited for once, however many there are.
type line struct {
	mu      sync.Mutex
	waiting []*write
	turn    chan struct{} // has room for who writes
}

// write is what one call of transact wants.
type write struct {
	ctx  context.Context
	do   func(tx) error
	err  error
	done chan struct{} // closed when err is known
}

// manyWrites is how many share a transaction at most, so that the first does not wait
// long for the last.
const manyWrites = 32

// transact runs f in a transaction on the writer, which it may share with others: that f
// has returned an error undoes what f has done alone. won is false, without an error and
// without any effect, if f returned errLost.
func (s *Store) transact(ctx context.Context, f func(tx) error) (won bool, err error) {
	w := &write{ctx: ctx, do: f, done: make(chan struct{})}
	s.line.mu.Lock()
	s.line.waiting = append(s.line.waiting, w)
	s.line.mu.Unlock()
	select {
	case s.line.turn <- struct{}{}:
		for !w.isDone() {
			s.writeAll(s.line.next())
		}
		<-s.line.turn
	case <-w.done:
	case <-ctx.Done():
		if s.line.leave(w) {
			return false, ctx.Err()
		}
		<-w.done // somebody has taken it along
	}
	if errors.Is(w.err, errLost) {
		return false, nil
	}
	return w.err == nil, w.err
}

func (w *write) isDone() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// next takes those that have waited longest.
func (l *line) next() []*write {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), manyWrites)
	group := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return group
}

// leave takes w out of the line, if it is there.
func (l *line) leave(w *write) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.waiting, w)
	if at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
	}
	return at >= 0
}

// writeAll does a group of writes and tells each what has become of it.
func (s *Store) writeAll(group []*write) {
	failed := s.writeTogether(group)
	for _, w := range group {
		if failed != nil {
			w.err = failed // whoever has lost has lost against what was not written either
		}
		close(w.done)
	}
}

// writeTogether does a group of writes in one transaction. Each has its error then; the
// one that is returned is about all of them: nothing was written.
func (s *Store) writeTogether(group []*write) error {
	// A statement that is interrupted undoes the transaction of all, so none is.
	ctx := context.Background()
	sqlTx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t := tx{Tx: sqlTx, ctx: ctx, on: s.write}
	kept := 0
	for _, w := range group {
		if w.err = w.ctx.Err(); w.err != nil {
			continue
		}
		if len(group) == 1 {
			w.err = w.do(t)
		} else if err := t.apart(w); err != nil {
			return errors.Join(err, sqlTx.Rollback())
		}
		if w.err == nil {
			kept++
		}
	}
	if kept > 0 {
		return sqlTx.Commit()
	}
	if undone := sqlTx.Rollback(); undone != nil && !errors.Is(undone, sql.ErrTxDone) {
		for _, w := range group {
			if !errors.Is(w.err, errLost) {
				w.err = fmt.Errorf("%w (and rolling back: %w)", w.err, undone)
			}
		}
	}
	return nil
}

// apart does one write of several so that it can be undone alone.
func (t tx) apart(w *write) error {
	if _, err := t.exec(savepoint); err != nil {
		return err
	}
	if w.err = w.do(t); w.err != nil {
		if _, err := t.exec(undo); err != nil {
			return fmt.Errorf("undoing a write after %w: %w", w.err, err)
		}
	}
	_, err := t.exec(forget)
	return err
}

const (
	savepoint = `SAVEPOINT one`
	undo      = `ROLLBACK TO one`
	forget    = `RELEASE one`
)
