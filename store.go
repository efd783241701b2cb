package lectern

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/lro/driver"
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

// openStore opens the store that the configuration has, or the file in the data
// directory.
func openStore(ctx context.Context, c Config, temporary bool, kept *reserve) (*operationStore, error) {
	opened := &operationStore{ready: func(context.Context) error { return nil }}
	if c.OpenStore != nil {
		store, err := c.OpenStore(ctx)
		if err != nil {
			return nil, err
		}
		opened.Store = store
		if s, tells := store.(interface {
			Ready(ctx context.Context) error
		}); tells {
			opened.ready = s.Ready
		}
		return opened, nil
	}
	warnOfLoss(c.Log, c.Data)
	store, err := openedWithRoom(kept, func() (*sqlite.Store, error) {
		if temporary {
			return sqlite.OpenTemporary(ctx, c.Data, nil, c.Log)
		}
		return sqlite.Open(ctx, c.Data, c.Log)
	})
	if err != nil {
		return nil, err
	}
	if err := mark(c.Data); err != nil && !temporary {
		c.Log.Warn("a lost database would not be noticed", "cause", err)
	}
	opened.Store, opened.files = store, []string{filepath.Join(c.Data, "operations.db")}
	return opened, nil
}

// openBuckets opens those that the configuration has, or the directories of the data.
func openBuckets(ctx context.Context, c Config) (*bucket.Store, error) {
	if c.OpenBuckets != nil {
		return c.OpenBuckets(ctx)
	}
	all, err := file.Open(c.Data)
	if err != nil {
		return nil, err
	}
	return bucket.New(bucket.Config{All: all, Scratch: all.Scratch()}), nil
}

// warnOfBuckets says at the start what keeps objects from being written. The
// server starts all the same: what is asked of it may need none, and /readyz
// tells when they can be.
func warnOfBuckets(ctx context.Context, log *slog.Logger, buckets *bucket.Store) {
	ctx, cancel := context.WithTimeout(ctx, config.ProbeTime)
	defer cancel()
	if err := buckets.Probe(ctx); err != nil {
		log.Error("objects cannot be written", "cause", err)
	}
}
