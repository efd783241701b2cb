package file

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// extent is where, from a byte of a file on, there is data, and where that ends.
func extent(file File, from, size int64) (data, hole int64) {
	data, err := file.Seek(from, unix.SEEK_DATA)
	if errors.Is(err, syscall.ENXIO) { // nothing but a hole
		return size, size
	}
	if err != nil || data < from {
		return from, size
	}
	hole, err = file.Seek(data, unix.SEEK_HOLE)
	if err != nil || hole <= data {
		return data, size
	}
	return min(data, size), min(hole, size)
}
