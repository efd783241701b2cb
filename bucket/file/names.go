package file

import (
	"container/heap"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/bucket/driver"
)

// Folders are not sorted on a disk, so that the names that come next are found by
// reading all, of which a heap keeps the least. As many are kept as will do for some
// pages of a list, and remembered until the folder changes.

const (
	// namesAtOnce is how many of a folder's names are held.
	namesAtOnce = 10_000
	// readAtOnce is how many entries of a folder are read at a time.
	readAtOnce = 256
	// worthKeeping is how many names a folder must have for them to be remembered,
	// and rememberedFolders of how many folders they are.
	worthKeeping      = 1000
	rememberedFolders = 4
	// racy is how long after a change of a folder another one may not show in its
	// time.
	racy = 2 * time.Second
)

// stretch is some of a folder's names, all that there are from one on.
type stretch struct {
	dir     string
	changed time.Time // of the folder
	least   string
	names   []string
	whole   bool // no more names follow
}

// from is what the stretch has from a name on; ok says that it has some, or knows that
// there are none.
func (s stretch) from(least string) (names []string, whole, ok bool) {
	if least < s.least {
		return nil, false, false
	}
	at, _ := slices.BinarySearch(s.names, least)
	return s.names[at:], s.whole, s.whole || at < len(s.names)
}

// stretches are those that were read lately, the latest last.
type stretches struct {
	mu  sync.Mutex
	all []stretch
}

func (r *stretches) find(dir string, changed time.Time, least string) (names []string, whole, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.all {
		if s.dir == dir && s.changed.Equal(changed) {
			if names, whole, ok = s.from(least); ok {
				return names, whole, true
			}
		}
	}
	return nil, false, false
}

func (r *stretches) keep(s stretch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = slices.DeleteFunc(r.all, func(other stretch) bool { return other.dir == s.dir })
	if r.all = append(r.all, s); len(r.all) > rememberedFolders {
		r.all = slices.Delete(r.all, 0, 1)
	}
}

// namesFrom are the names of the objects and folders in dir from one on, in order; whole
// says that these are all. Those of folders end with a slash, which gives them their
// place among the keys. A folder that is not there has none.
func (s *Store) namesFrom(ctx context.Context, dir, least string) (names []string, whole bool, err error) {
	open, err := s.root.OpenDir(path.Join(s.objects, dir))
	if isAbsent(err) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer open.Close()
	st, err := open.Stat()
	if err != nil {
		return nil, false, err
	}
	if !st.IsDir() {
		return nil, true, nil
	}
	if names, whole, ok := s.read.find(dir, st.ModTime(), least); ok {
		return names, whole, nil
	}
	began := time.Now()
	names, whole, err = leastNames(ctx, open, least)
	if err == nil && len(names) >= worthKeeping && began.Sub(st.ModTime()) > racy {
		s.read.keep(stretch{dir: dir, changed: st.ModTime(), least: least, names: names, whole: whole})
	}
	return names, whole, err
}

// isAbsent reports whether an error says that there is no such folder.
func isAbsent(err error) bool {
	return err != nil && driver.ClassOf(missing(driver.Place{}, err)) == driver.Gone
}

// leastNames reads a folder for the least of its names from one on.
func leastNames(ctx context.Context, open fs.ReadDirFile, from string) (names []string, whole bool, err error) {
	var least largestFirst
	whole = true
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, false, err
		}
		entries, err := open.ReadDir(readAtOnce)
		for _, e := range entries {
			name := e.Name()
			switch {
			case e.IsDir():
				name += "/"
			case !e.Type().IsRegular():
				continue
			}
			switch {
			case name < from:
			case len(least) == namesAtOnce && name > least[0]:
				whole = false
			default:
				if heap.Push(&least, name); len(least) > namesAtOnce {
					heap.Pop(&least)
					whole = false
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return least.sorted(), whole, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
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

// sorted are the names in order.
func (h *largestFirst) sorted() []string {
	names := slices.Clone(*h)
	slices.Sort(names)
	return names
}
