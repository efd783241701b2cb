package lro

import (
	"slices"
	"strings"
)

// Sight is what of all operations a caller may know of: those whose parent is one
// of Under or below it, in whole segments ("projects/p"), or All. The zero Sight
// sees none.
type Sight struct {
	All   bool
	Under []string
}

// has reports whether operations of parent are in sight.
func (s Sight) has(parent string) bool {
	return s.All || slices.ContainsFunc(s.Under, func(u string) bool {
		rest, ok := strings.CutPrefix(parent, u)
		return ok && (rest == "" || rest[0] == '/')
	})
}

// under is s for a query of the store.
func (s Sight) under() []string {
	switch {
	case s.All:
		return nil
	case s.Under == nil:
		return []string{}
	}
	return s.Under
}

// scope tells the lists of different sights apart.
func (s Sight) scope() []string {
	if s.All {
		return nil
	}
	return append([]string{"under"}, s.Under...)
}
