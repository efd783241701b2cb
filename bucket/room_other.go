//go:build !unix

package bucket

import "errors"

// Room is how many bytes can still be written, and how many the file system has
// in all.
func (d *Directory) Room() (free, total int64, err error) {
	return 0, 0, errors.ErrUnsupported
}
