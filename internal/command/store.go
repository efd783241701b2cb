package command

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
)

// storeOf opens the database that nodes share; nil where the operations are in the
// data directory.
func storeOf(c config.Config, log *slog.Logger) func(context.Context) (driver.Store, error) {
	if c.Store == "" {
		return nil
	}
	return func(ctx context.Context) (driver.Store, error) {
		store, err := postgres.Open(ctx, c.Store, log)
		if err != nil {
			return nil, err
		}
		return sharedStore{store}, nil
	}
}

// sharedStore is a database that tells whether this node can work with it.
type sharedStore struct{ *postgres.Store }

// Ready says why it cannot, or nil.
func (s sharedStore) Ready(ctx context.Context) error {
	if s.Lost() {
		return fmt.Errorf("this node has no lease: the database has not answered for %s, or it has only begun", postgres.LeaseTime)
	}
	_, err := s.Check(ctx)
	return err
}
