package bucket

import "io"

// WriteZeros is Write of n zeros, which take no room on most disks: the file gets
// a hole.
func (u *Upload) WriteZeros(n int64) error {
	end, err := u.file.Seek(n, io.SeekCurrent)
	if err != nil {
		return err
	}
	u.tide.written = end
	return u.file.Truncate(end)
}
