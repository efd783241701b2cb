package command

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

// Objects are the clients of object stores, which open what a URL names. They weigh
// more than all the rest, in memory as on the disk, so whoever keeps objects in files
// does without.
type Objects struct {
	Open func(ctx context.Context, address string) (driver.Store, error)
	// OpenScratch keeps in a directory what was written last.
	OpenScratch func(ctx context.Context, address, dir string) (driver.Scratch, error)
}

// storesProgram is the program that has them.
const storesProgram = "lectern-stores"

var errApart = errors.New("this program has no clients of object stores; " + storesProgram + " has")

func (p Program) openObjects(ctx context.Context, address string) (driver.Store, error) {
	if p.Objects == nil {
		return nil, errApart
	}
	return p.Objects.Open(ctx, address)
}

func (p Program) openObjectScratch(ctx context.Context, address, dir string) (driver.Scratch, error) {
	if p.Objects == nil {
		return nil, errApart
	}
	return p.Objects.OpenScratch(ctx, address, dir)
}

// becomeLinked replaces this program by the one that can do what c asks for. It
// returns if this one can, or with why there is no other.
func (p Program) becomeLinked(c config.Config) error {
	if p.Objects != nil || !c.NeedsObjectStores() {
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
