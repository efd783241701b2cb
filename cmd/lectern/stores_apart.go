//go:build !objectstores

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/installed"
)

// storesProgram is this program once more, with the clients of object stores in
// it. They weigh more than all the rest, in memory as on the disk, so whoever
// keeps objects in files does without.
const storesProgram = "lectern-stores"

var errApart = errors.New("this program has no clients of object stores; " + storesProgram + " has")

func openObjects(context.Context, string) (driver.Store, error) { return nil, errApart }

func openObjectScratch(context.Context, string, string) (driver.Scratch, error) {
	return nil, errApart
}

// becomeLinked replaces this program by the one that can do what c asks for. It
// returns if nothing is to be done, or with why it cannot be.
func becomeLinked(c config.Config) error {
	if !c.NeedsObjectStores() {
		return nil
	}
	dir, err := installed.Workers("")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, storesProgram)
	if err := syscall.Exec(path, os.Args, os.Environ()); err != nil {
		return fmt.Errorf("object stores need the program %s: %w; build it with `make build` and keep it beside lectern", path, err)
	}
	return nil
}
