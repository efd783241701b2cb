package driver

import (
	"strconv"
	"strings"
	"time"
)

// Name is something that one operation has and that others must keep out of the way
// of. Two names collide if one's path is a folder of the other's, or if both have the
// same path and not the same use: what is used alike may be used by several.
//
// What paths and uses mean is nobody's business here. Both are text without NUL; a
// path has some thousand bytes at most.
type Name struct {
	// Path has parts between slashes. A path is a folder of those that begin with it
	// and a slash.
	Path string
	Use  string
}

// Collide reports whether two that are not the same operation cannot have these names.
func Collide(a, b Name) bool {
	return a.Path == b.Path && a.Use != b.Use ||
		strings.HasPrefix(a.Path, b.Path+"/") || strings.HasPrefix(b.Path, a.Path+"/")
}

// Folders are all folders of a path, the longest first.
func Folders(path string) (all []string) {
	for at := strings.LastIndexByte(path, '/'); at >= 0; at = strings.LastIndexByte(path, '/') {
		path = path[:at]
		all = append(all, path)
	}
	return all
}

// TakenError says which of the wanted names cannot be had.
type TakenError struct{ Path string }

func (e TakenError) Error() string {
	return "an operation under way has what stands in the way of " + strconv.Quote(e.Path)
}

// HoldTime is how long a name is held at most.
const HoldTime = time.Minute
