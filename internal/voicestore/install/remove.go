package install

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
)

// Remove removes an item, by its name, an alias or the name of its voice, and
// then what came along for it and no item needs any more. It returns the names of
// what is gone. An item that another one needs is a FAILED_PRECONDITION, one that
// is not installed a NOT_FOUND. A process that holds files of it keeps them.
func (s *Store) Remove(ctx context.Context, name string) (removed []string, err error) {
	unlock, err := s.lock(ctx, InstallOptions{})
	if err != nil {
		return nil, err
	}
	defer unlock()
	name, err = s.installed(name)
	if err != nil {
		return nil, err
	}
	items, _ := voicestore.Installed(s.dir)
	var users []string
	for _, item := range items {
		if slices.Contains(item.Needs, name) {
			users = append(users, item.Name)
		}
	}
	if len(users) > 0 {
		return nil, fault.New(fault.FailedPrecondition, "%s is needed by %s; remove that first.", name, strings.Join(users, ", "))
	}
	if err := s.remove(name); err != nil {
		return nil, err
	}
	removed = []string{name}
	for {
		orphan := s.orphan()
		if orphan == "" {
			return removed, nil
		}
		if err := s.remove(orphan); err != nil {
			return removed, err
		}
		removed = append(removed, orphan)
	}
}

func (s *Store) remove(name string) error {
	err := s.bury(filepath.Join(s.dir, name))
	return errors.Join(err, os.RemoveAll(filepath.Join(s.dir, partialDir, name)))
}

// orphan is an item that came along for another one and that none needs. While
// an item cannot be read, there is none: that one may need it.
func (s *Store) orphan() string {
	items, err := voicestore.Installed(s.dir)
	if err != nil {
		return ""
	}
	for _, item := range items {
		needed := slices.ContainsFunc(items, func(other voicestore.Item) bool { return slices.Contains(other.Needs, item.Name) })
		if !needed && !item.Asked && item.Kind != voicestore.VoiceKind {
			return item.Name
		}
	}
	return ""
}
