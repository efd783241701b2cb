package file

// LeastRoom is how many bytes must be free on a disk of total bytes for new work:
// 256 MiB, or a twentieth of a small disk.
func LeastRoom(total int64) int64 { return min(256<<20, total/20) }
