package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lectern/lectern/lro/driver"
)

// Deeds are settings of this prefix, so that older versions can go on with a database
// that has some.
const (
	insertDeed = `INSERT INTO settings (name, value) VALUES ('owner of ' || ?1, CAST(?2 AS BLOB)) ON CONFLICT DO NOTHING`

	getDeed = `SELECT CAST(value AS TEXT) FROM settings WHERE name = 'owner of ' || ?1`

	// The name with the letter behind the space ends what begins with the prefix.
	getDeeds = `SELECT substr(name, length('owner of ') + 1), CAST(value AS TEXT) FROM settings WHERE name >= 'owner of ' AND name < 'owner of!'`
)

var _ driver.Deeds = (*Store)(nil)

// Claim implements driver.Deeds.
func (s *Store) Claim(ctx context.Context, name, owner string) (string, error) {
	if _, err := s.change(ctx, insertDeed, name, owner); err != nil {
		return "", err
	}
	return s.OwnerOf(ctx, name)
}

// OwnerOf implements driver.Deeds.
func (s *Store) OwnerOf(ctx context.Context, name string) (owner string, err error) {
	err = s.read.statements[getDeed].QueryRowContext(ctx, name).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return owner, err
}

// Owned implements driver.Deeds.
func (s *Store) Owned(ctx context.Context) (map[string]string, error) {
	rows, err := s.read.statements[getDeeds].QueryContext(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	owned := map[string]string{}
	for rows.Next() {
		var name, owner string
		if err := rows.Scan(&name, &owner); err != nil {
			return nil, err
		}
		owned[name] = owner
	}
	return owned, rows.Err()
}
