//go:build unix

package bucket

import (
	"fmt"
	"io/fs"
	"syscall"
)

// receiptOf tells a file from every other one of its file system that is there
// at the same time, and from one that was changed.
func receiptOf(st fs.FileInfo) []byte {
	var inode uint64
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		inode = uint64(sys.Ino)
	}
	return fmt.Appendf(nil, "%d %d %d", inode, st.Size(), st.ModTime().UnixNano())
}
