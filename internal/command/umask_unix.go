//go:build unix

package command

import (
	"strconv"
	"syscall"
)

// setUmask sets the umask of this process, in octal digits that the
// configuration has checked. Texts and sounds of users are nobody else's by
// default, whoever made the data directory.
func setUmask(octal string) {
	if mask, err := strconv.ParseUint(octal, 8, 32); err == nil {
		syscall.Umask(int(mask))
	}
}
