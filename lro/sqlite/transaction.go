package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// errLost rolls a transaction back whose compare-and-set found nothing to
// change.
var errLost = errors.New("the compare-and-set lost")

// tx is a transaction on the writer. Its statements are those prepared at
// Open, by their text.
type tx struct {
	*sql.Tx
	ctx context.Context
	on  *pool
}

func (t tx) exec(query string, args ...any) (rows int64, err error) {
	r, err := t.StmtContext(t.ctx, t.on.statements[query]).ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// must is exec for a compare-and-set: it loses unless one row has changed.
func (t tx) must(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n != 1 {
		return errLost
	}
	return err
}

func (t tx) row(query string, args ...any) *sql.Row {
	return t.StmtContext(t.ctx, t.on.statements[query]).QueryRowContext(t.ctx, args...)
}

// change is a single compare-and-set statement outside a transaction.
func (s *Store) change(ctx context.Context, query string, args ...any) (won bool, err error) {
	r, err := s.write.statements[query].ExecContext(ctx, args...)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
