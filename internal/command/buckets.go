package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/internal/config"
)

// bucketsOf opens the stores that a server is given; nil where it has its data
// directory only.
func (p Program) bucketsOf(c config.Config) func(context.Context) (*bucket.Store, error) {
	if c.Buckets == "" && len(c.Maps) == 0 && c.Scratch == "" {
		return nil
	}
	return func(ctx context.Context) (*bucket.Store, error) { return p.openBuckets(ctx, c) }
}

// openBuckets opens the stores of objects and of scratch. Nothing is asked of a
// service yet.
func (p Program) openBuckets(ctx context.Context, c config.Config) (*bucket.Store, error) {
	all, scratch, err := p.openAll(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("the buckets cannot be opened: %w", err)
	}
	opened := bucket.Config{All: all, Scratch: scratch, Mapped: map[string]driver.Store{}}
	for name, address := range c.Maps {
		mapped, err := p.openMapped(ctx, address)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("the bucket %s cannot be opened: %w", name, err), bucket.New(opened).Close())
		}
		opened.Mapped[name] = mapped
	}
	return bucket.New(opened), nil
}

// openAll opens the store of all buckets that are not mapped, and scratch, which
// is in the data directory as well unless another place is given.
func (p Program) openAll(ctx context.Context, c config.Config) (driver.Store, driver.Scratch, error) {
	var all driver.Store
	var here driver.Scratch // of the same directory
	if dir, ok := config.StoreDirectory(cmp.Or(c.Buckets, "file:///")); ok {
		if c.Buckets == "" {
			dir = c.Data
		}
		directory, err := file.Open(dir)
		if err != nil {
			return nil, nil, err
		}
		all = directory
		if dir == c.Data {
			here = directory.Scratch()
		}
	} else {
		store, err := p.openObjects(ctx, c.Buckets)
		if err != nil {
			return nil, nil, err
		}
		all = store
	}
	scratch, err := p.openScratch(ctx, c, here)
	if err != nil {
		return nil, nil, errors.Join(err, all.Close())
	}
	return all, scratch, nil
}

// openScratch opens scratch; here is that of the data directory, if it is open.
func (p Program) openScratch(ctx context.Context, c config.Config, here driver.Scratch) (driver.Scratch, error) {
	dir, ok := config.StoreDirectory(c.Scratch)
	switch {
	case c.Scratch != "" && !ok:
		return p.openObjectScratch(ctx, c.Scratch, filepath.Join(c.Data, "scratch-files"))
	case ok:
		return file.OpenScratch(dir)
	case here != nil:
		return here, nil
	}
	return file.OpenScratch(c.Data)
}

func (p Program) openMapped(ctx context.Context, address string) (driver.Store, error) {
	if dir, ok := config.StoreDirectory(address); ok {
		return file.OpenBucket(dir)
	}
	return p.openObjects(ctx, address)
}

// whereObjects tells a person where an object of the bucket "demo" will be.
func whereObjects(c config.Config, data, name string) string {
	address := cmp.Or(c.Maps["demo"], c.Buckets)
	dir, isFiles := config.StoreDirectory(address)
	switch {
	case address == "":
		return filepath.Join(data, "buckets", "demo", name)
	case c.Maps["demo"] == "" && isFiles:
		return filepath.Join(dir, "buckets", "demo", name)
	case isFiles:
		return filepath.Join(dir, name)
	}
	return "gs://demo/" + name + ", which stands in " + withoutQuery(address)
}

// withoutQuery is a URL without its parameters.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}
