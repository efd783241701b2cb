package install

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
)

// Update installs the newest version of every installed item, or of one, that
// is another than what is there, or whose files are damaged. It returns the names
// of those that it replaced, also because another one needs them. Models of one's own stay as they are. An item that
// cannot be updated does not keep others from it; the errors are joined.
func (s *Store) Update(ctx context.Context, name string, o InstallOptions) (updated []string, err error) {
	items, err := voicestore.Installed(s.dir)
	names := make([]string, 0, len(items))
	for _, item := range items {
		if item.Source != voicestore.Own {
			names = append(names, item.Name)
		}
	}
	names = append(names, brokenIn(err)...)
	replaced := s.watch(names)
	if name != "" {
		item, err := s.installed(name)
		if err != nil {
			return nil, err
		}
		names = []string{item}
	}
	var all []error
	if slices.ContainsFunc(names, s.isPipers) {
		// Without it the last one seen would say that there is nothing new.
		if _, err := s.piper(ctx, s.remotes()); err != nil {
			all = append(all, err)
		}
	}
	for _, name := range names {
		one := o
		one.Again = voicestore.Verify(ctx, s.dir, name) != nil
		err := s.install(ctx, name, false, one)
		if ctx.Err() != nil {
			return replaced(), context.Cause(ctx)
		}
		if err != nil {
			all = append(all, fmt.Errorf("%s: %w", name, err))
		}
	}
	return replaced(), errors.Join(all...)
}

// watch returns what tells which of these items have been replaced since.
func (s *Store) watch(names []string) (replaced func() []string) {
	folder := func(name string) os.FileInfo {
		st, _ := os.Stat(filepath.Join(s.dir, name)) // nil, where there is none, is no other's
		return st
	}
	before := make([]os.FileInfo, len(names))
	for n, name := range names {
		before[n] = folder(name)
	}
	return func() (changed []string) {
		for n, name := range names {
			if !os.SameFile(before[n], folder(name)) {
				changed = append(changed, name)
			}
		}
		return changed
	}
}

// isPipers reports whether an installed item is from Piper's catalogue.
func (s *Store) isPipers(name string) bool {
	item, err := voicestore.Read(s.dir, name)
	_, known := s.embedded.Find(name)
	return err == nil && item.Engine == "piper" && !known && item.Source != voicestore.Own
}

// installed is the name of an installed item, whose name or whose voice's name
// it is, or an alias of which.
func (s *Store) installed(name string) (string, error) {
	items, err := voicestore.Installed(s.dir)
	for _, item := range items {
		if item.Name == name || slices.ContainsFunc(item.Voices, func(v voicestore.Voice) bool { return v.Name == name }) {
			return item.Name, nil
		}
	}
	if slices.Contains(brokenIn(err), name) {
		return name, nil
	}
	if known, ok := s.embedded.Find(name); ok {
		if _, err := os.Stat(filepath.Join(s.dir, known.Name)); !errors.Is(err, fs.ErrNotExist) {
			return known.Name, nil
		}
	}
	return "", fault.New(fault.NotFound, "No voice %q is installed in %s; `lectern voices` lists those that are.", name, s.dir)
}

// brokenIn are the names of the broken items in an error of Installed.
func brokenIn(err error) (names []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, e := range joined.Unwrap() {
		if b, ok := errors.AsType[*voicestore.Broken](e); ok {
			names = append(names, b.Item)
		}
	}
	return names
}
