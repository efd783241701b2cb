package sqlite

import (
	"context"
	"log/slog"
)

// OpenHasty is Open without waiting for the disk.
func OpenHasty(ctx context.Context, dir string, log *slog.Logger) (*Store, error) {
	return open(ctx, dir, "OFF", log)
}
