package lro

import (
	"context"

	"github.com/lectern/lectern/lro/driver"
)

func (m *Manager) handle(ctx context.Context, j driver.Job) error { return nil }
func (m *Manager) upkeep(ctx context.Context)                     { <-ctx.Done() }
