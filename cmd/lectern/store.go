package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
)

// operationStore is where a server keeps its operations.
type operationStore struct {
	driver.Store
	// files are what the server has open of it.
	files []string
	// ready says why the server cannot do its work with it, or nil.
	ready func(context.Context) error
}

// openStore opens the file in the data directory, or the database that nodes share.
func openStore(ctx context.Context, c config.Config, kept *reserve, log *slog.Logger) (*operationStore, error) {
	if c.Store == "" {
		warnOfLoss(log, c.Data)
		store, err := openedWithRoom(kept, func() (*sqlite.Store, error) { return sqlite.Open(ctx, c.Data, log) })
		if err != nil {
			return nil, err
		}
		return &operationStore{
			Store: store,
			files: []string{filepath.Join(c.Data, "operations.db")},
			ready: func(context.Context) error { return nil },
		}, nil
	}
	store, err := postgres.Open(ctx, c.Store, log)
	if err != nil {
		return nil, err
	}
	return &operationStore{Store: store, ready: func(ctx context.Context) error {
		if store.Lost() {
			return fmt.Errorf("this node has no lease: the database has not answered for %s, or it has only begun", postgres.LeaseTime)
		}
		_, err := store.Check(ctx)
		return err
	}}, nil
}
