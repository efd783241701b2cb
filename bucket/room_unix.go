//go:build unix

package bucket

import "golang.org/x/sys/unix"

// Room is how many bytes can still be written, and how many the file system has
// in all.
func (d *Directory) Room() (free, total int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(d.path, &st); err != nil {
		return 0, 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), int64(st.Blocks) * int64(st.Bsize), nil
}
