//go:build objectstores

package main

import (
	"context"

	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/config"
)

// This is the program with the clients of object stores in it, lectern-stores.

func openObjects(ctx context.Context, address string) (driver.Store, error) {
	return blob.Open(ctx, address)
}

func openObjectScratch(ctx context.Context, address, dir string) (driver.Scratch, error) {
	return blob.OpenScratch(ctx, address, dir)
}

// becomeLinked does nothing: this program can do all that c asks for.
func becomeLinked(config.Config) error { return nil }
