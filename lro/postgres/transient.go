package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Transient implements driver.Store. By the class of PostgreSQL's code, what a
// statement's own values bring about stays; a connection that is lost or refused
// (08, 57), a deadlock or a failed serialization (40), a full disk or too many
// connections (53), and whatever has no code may pass.
func (s *Store) Transient(err error) bool {
	var told *pgconn.PgError
	if !errors.As(err, &told) || len(told.Code) < 2 {
		return true
	}
	switch told.Code[:2] {
	case "0A", "22", "23", "42", "54": // not supported, data, integrity, syntax and names, limits
		return false
	}
	return true
}
