package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
)

// Deeds are settings of this prefix, so that nodes of older versions can go on beside
// those that make some.
const (
	insertDeed = `INSERT INTO settings (name, value) VALUES ('owner of ' || $1::text, convert_to($2::text, 'UTF8')) ON CONFLICT DO NOTHING`

	getDeed = `SELECT convert_from(value, 'UTF8') FROM settings WHERE name = 'owner of ' || $1::text`

	getDeeds = `SELECT substr(name, length('owner of ') + 1), convert_from(value, 'UTF8') FROM settings WHERE starts_with(name, 'owner of ')`
)

var _ driver.Deeds = (*Store)(nil)

// Claim implements driver.Deeds.
func (s *Store) Claim(ctx context.Context, name, owner string) (string, error) {
	if _, err := s.exec(ctx, insertDeed, name, owner); err != nil {
		return "", err
	}
	return s.OwnerOf(ctx, name)
}

// OwnerOf implements driver.Deeds.
func (s *Store) OwnerOf(ctx context.Context, name string) (owner string, err error) {
	err = s.row(ctx, getDeed, []any{name}, &owner)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return owner, err
}

// Owned implements driver.Deeds.
func (s *Store) Owned(ctx context.Context) (map[string]string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, getDeeds)
	if err != nil {
		return nil, err
	}
	owned := map[string]string{}
	var name, owner string
	_, err = pgx.ForEachRow(rows, []any{&name, &owner}, func() error {
		owned[name] = owner
		return nil
	})
	return owned, err
}
