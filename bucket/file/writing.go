package file

// toTheEnd is the length of a range that ends with its file.
const toTheEnd = 0

// writeWindow is how many bytes are handed to the disk at a time.
const writeWindow = 8 << 20

// tide hands a growing file to the disk window by window and lets its memory
// go, so that a book of gigabytes neither pushes everybody else's files out of
// the page cache nor leaves all the writing to the sync at its end. It changes
// when bytes reach the disk, never which; its zero value is ready.
//
// Between two and three windows of the file are in memory: one is being filled,
// one is on its way, and the one before was waited for, which also holds a
// writer that is faster than the disk.
type tide struct {
	written, started, forgotten int64 // offsets: forgotten <= started <= written
}

// wrote is told of n more bytes at the end.
func (t *tide) wrote(f File, n int) {
	t.written += int64(n)
	if t.written-t.started < writeWindow {
		return
	}
	if t.started > t.forgotten { // a length of 0 would mean: to the end
		forget(f, t.forgotten, t.started-t.forgotten)
		t.forgotten = t.started
	}
	startWriting(f, t.started, t.written-t.started)
	t.started = t.written
}
