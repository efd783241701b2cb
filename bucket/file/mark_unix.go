//go:build unix

package file

import (
	"fmt"
	"io/fs"
	"syscall"
)

// markOf tells a file from every other one of its file system that is there
// at the same time, and from one that was changed.
func markOf(st fs.FileInfo) string {
	var inode uint64
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		inode = uint64(sys.Ino)
	}
	return fmt.Sprintf("%d %d %d", inode, st.Size(), st.ModTime().UnixNano())
}
