package bucket

import (
	"path"
	"sync"

	"github.com/lectern/lectern/fault"
)

// reservations are the names that operations under way will write, so that two
// of them do not find out at their ends that only one can. The same object may
// be reserved several times: the last one replaces the others.
type reservations struct {
	mu      sync.Mutex
	byID    map[string][]claimed
	names   map[string]map[claim]int // by path
	folders map[string]int           // how many names need the path as a folder
}

// claim is what a name is to be: an object, captions of one, or for a moment what
// is being changed by no operation.
type claim struct {
	object   string
	captions bool
	change   bool
}

type claimed struct {
	path string
	claim
}

// pathOf is a name as a path of folders, the bucket first.
func pathOf(o Object) string { return path.Join(o.Bucket, o.Name) }

// Reserve keeps the names of o and of its captions for operation id until
// [Store.Release] or Discard. It fails with FAILED_PRECONDITION if another
// operation has reserved a name that stands in the way. It may be called again.
func (s *Store) Reserve(id string, o Object, extensions []string) error {
	wanted := []claimed{{pathOf(o), claim{object: o.String()}}}
	for _, extension := range extensions {
		wanted = append(wanted, claimed{pathOf(o.Beside(extension)), claim{object: o.String(), captions: true}})
	}
	return s.names.claim(id, wanted)
}

// claim keeps names for id.
func (r *reservations) claim(id string, wanted []claimed) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID, r.names, r.folders = make(map[string][]claimed), make(map[string]map[claim]int), make(map[string]int)
	}
	if r.byID[id] != nil {
		return nil
	}
	for _, w := range wanted {
		if !r.free(w) {
			return fault.New(fault.FailedPrecondition, "An operation or an upload under way writes what stands in the way of %q; wait for its end, or choose another object name.",
				"gs://"+w.path)
		}
	}
	for _, w := range wanted {
		r.count(w, 1)
	}
	r.byID[id] = wanted
	return nil
}

// Release ends the reservation of operation id, if there is one.
func (s *Store) Release(id string) {
	r := &s.names
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.byID[id] {
		r.count(c, -1)
	}
	delete(r.byID, id)
}

// within reports whether anything is kept below a folder.
func (r *reservations) within(dir string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.folders[dir] > 0
}

// free reports whether a name can become what is wanted.
func (r *reservations) free(w claimed) bool {
	if r.folders[w.path] > 0 {
		return false
	}
	for other := range r.names[w.path] {
		if other != w.claim {
			return false
		}
	}
	for dir := path.Dir(w.path); dir != "."; dir = path.Dir(dir) {
		if len(r.names[dir]) > 0 {
			return false
		}
	}
	return true
}

// count adds one name, or takes it away.
func (r *reservations) count(c claimed, n int) {
	if r.names[c.path] == nil {
		r.names[c.path] = make(map[claim]int)
	}
	if r.names[c.path][c.claim] += n; r.names[c.path][c.claim] == 0 {
		delete(r.names[c.path], c.claim)
	}
	if len(r.names[c.path]) == 0 {
		delete(r.names, c.path)
	}
	for dir := path.Dir(c.path); dir != "."; dir = path.Dir(dir) {
		if r.folders[dir] += n; r.folders[dir] == 0 {
			delete(r.folders, dir)
		}
	}
}
