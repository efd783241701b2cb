package file

import "golang.org/x/sys/unix"

// The functions below are hints about the page cache: an error is no harm.

// startWriting asks the kernel to begin writing a range to the disk, without
// waiting.
func startWriting(f File, offset, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), offset, n, unix.SYNC_FILE_RANGE_WRITE)
}

// forget waits until a range has been handed to the disk and drops it from
// memory.
func forget(f File, offset, n int64) {
	fd := int(f.Fd())
	_ = unix.SyncFileRange(fd, offset, n, unix.SYNC_FILE_RANGE_WAIT_BEFORE|unix.SYNC_FILE_RANGE_WRITE|unix.SYNC_FILE_RANGE_WAIT_AFTER)
	_ = unix.Fadvise(fd, offset, n, unix.FADV_DONTNEED)
}
