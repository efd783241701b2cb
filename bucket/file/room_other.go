//go:build !unix

package file

import "errors"

// Room is how many bytes can still be written to the file system of a folder, and
// how many it has in all.
func Room(string) (free, total int64, err error) { return 0, 0, errors.ErrUnsupported }
