package file

import (
	"container/heap"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"syscall"

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

// walk visits the folders that a listing needs, in the order of their keys. Folders
// are not sorted on a disk: of each that is open it holds the next few names.
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
	for after := ""; ; {
		names, err := w.names(dir, after, w.Limit-len(w.found))
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := w.entry(dir + name); err != nil {
				return err
			}
		}
		after = names[len(names)-1]
	}
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

// readAtOnce is how many entries of a folder are read at a time.
const readAtOnce = 256

// names are the next of a folder's names that may matter, in order and after one of
// them; at most n. Those of folders end with a slash, which gives them their place
// among the keys.
func (w *walk) names(dir, after string, n int) ([]string, error) {
	open, err := w.store.root.OpenDir(path.Join(w.store.objects, dir))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG) || err != nil && escapes(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer open.Close()
	var least largestFirst
	for {
		if err := context.Cause(w.ctx); err != nil {
			return nil, err
		}
		entries, err := open.ReadDir(readAtOnce)
		for _, e := range entries {
			name, ok := w.name(dir, e)
			if !ok || name <= after || len(least) == n && name > least[0] {
				continue
			}
			if heap.Push(&least, name); len(least) > n {
				heap.Pop(&least)
			}
		}
		if errors.Is(err, io.EOF) {
			return least.sorted(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// name is an entry's part of the keys, if the walk may want any that has it.
func (w *walk) name(dir string, e fs.DirEntry) (string, bool) {
	name := e.Name()
	switch {
	case e.IsDir():
		name += "/"
	case !e.Type().IsRegular():
		return "", false
	}
	key := dir + name
	if w.store.objects == oneBucket.objects && driver.IsHidden(strings.TrimSuffix(key, "/")) {
		return "", false
	}
	if !strings.HasPrefix(key, w.Prefix) {
		return "", false
	}
	// The keys in a folder begin with its own; all of them may be too small.
	least := max(w.From, w.After)
	return name, key >= least || e.IsDir() && strings.HasPrefix(least, key)
}

// largestFirst is a heap of names.
type largestFirst []string

func (h largestFirst) Len() int           { return len(h) }
func (h largestFirst) Less(i, j int) bool { return h[i] > h[j] }
func (h largestFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *largestFirst) Push(name any)     { *h = append(*h, name.(string)) }
func (h *largestFirst) Pop() any {
	last := len(*h) - 1
	name := (*h)[last]
	*h = (*h)[:last]
	return name
}

// sorted empties the heap.
func (h *largestFirst) sorted() []string {
	names := make([]string, len(*h))
	for i := len(names) - 1; i >= 0; i-- {
		names[i] = heap.Pop(h).(string)
	}
	return names
}
