package bucket

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting asks the kernel to begin writing a range to the disk, without
// waiting, so that the sync at the end finds little left to do. It is a hint:
// an error is no harm.
func startWriting(f *os.File, offset, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), offset, n, unix.SYNC_FILE_RANGE_WRITE)
}
