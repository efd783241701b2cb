package postgres

import (
	"context"
	"log/slog"
	"time"
)

// OpenAt is Open with another clock for what clients see.
func OpenAt(ctx context.Context, url string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	if _, _, err := Migrate(ctx, url); err != nil {
		return nil, err
	}
	return open(ctx, url, clock, log)
}
