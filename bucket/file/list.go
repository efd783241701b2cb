package file

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/lectern/lectern/bucket/driver"
)

// List implements driver.Shown.
func (s *Store) List(ctx context.Context, l driver.Listing) ([]driver.Entry, error) {
	w := walk{store: s, ctx: ctx, Listing: l}
	dir, _ := path.Split(l.Prefix)
	if dir != "" && path.Clean(dir)+"/" != dir || strings.HasPrefix(dir, "/") || strings.HasPrefix(dir, "../") {
		return nil, nil // no key has an empty part, ".", or ".."
	}
	err := w.folder(dir)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return w.found, err
}

// walk visits the folders that a listing needs, in the order of their keys.
type walk struct {
	driver.Listing
	store *Store
	ctx   context.Context
	found []driver.Entry
}

// errEnough ends a walk.
var errEnough = errors.New("the page is full")

// folder adds what is below dir, the key of a folder: "" or ending with a slash.
func (w *walk) folder(dir string) error {
	for least := w.least(dir); ; {
		names, whole, err := w.store.namesFrom(w.ctx, dir, least)
		if err != nil {
			return err
		}
		for _, name := range names {
			key := dir + name
			if !strings.HasPrefix(key, w.Prefix) {
				if key > w.Prefix { // so is all that follows
					return nil
				}
				continue
			}
			if !w.wants(key) {
				continue
			}
			if err := w.entry(key); err != nil {
				return err
			}
		}
		if whole {
			return nil
		}
		least = names[len(names)-1] + "\x00"
	}
}

// least is the least of a folder's names that matters.
func (w *walk) least(dir string) (least string) {
	least = strings.TrimPrefix(w.Prefix, dir) // which begins with it, or the other way round
	if strings.HasPrefix(dir, w.Prefix) {
		least = ""
	}
	if rest, ok := strings.CutPrefix(w.bound(), dir); ok {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			rest = rest[:slash+1]
		}
		least = max(least, rest)
	}
	return least
}

// bound is a key below which no entry is told.
func (w *walk) bound() string { return max(w.From, w.After) }

// wants reports whether an entry is told, or one in it may be: the keys in a folder
// begin with its own.
func (w *walk) wants(key string) bool {
	if w.store.objects == oneBucket.objects && driver.IsHidden(strings.TrimSuffix(key, "/")) {
		return false
	}
	return key >= w.bound() || strings.HasSuffix(key, "/") && strings.HasPrefix(w.bound(), key)
}

// entry adds an object, or a folder, whose key ends with a slash.
func (w *walk) entry(key string) error {
	switch {
	case !strings.HasSuffix(key, "/"):
		st, err := w.store.root.Lstat(path.Join(w.store.objects, key))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was removed just now
		}
		if err != nil || key < w.From || key <= w.After {
			return err
		}
		return w.add(driver.Entry{Key: key, Attributes: attributesOf(st)})
	case !w.Folders:
		return w.folder(key)
	case key <= w.After:
		return nil
	}
	// A folder is told if there is an object in it.
	inside := walk{store: w.store, ctx: w.ctx, Listing: driver.Listing{Prefix: key, From: w.From, Limit: 1}}
	if err := inside.folder(key); err != nil && !errors.Is(err, errEnough) || len(inside.found) == 0 {
		return err
	}
	return w.add(driver.Entry{Key: key})
}

func (w *walk) add(e driver.Entry) error {
	w.found = append(w.found, e)
	if len(w.found) >= w.Limit {
		return errEnough
	}
	return nil
}
