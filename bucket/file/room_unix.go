//go:build unix

package file

import "golang.org/x/sys/unix"

// Room is how many bytes can still be written to the file system of a folder, and
// how many it has in all.
func Room(dir string) (free, total int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), int64(st.Blocks) * int64(st.Bsize), nil
}
