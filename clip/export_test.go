package clip

// Waiting is how many callers wait for the fetch of src.
func (l *Library) Waiting(src string) int {
	l.fetched.mu.Lock()
	defer l.fetched.mu.Unlock()
	if e := l.fetched.entries[src]; e != nil {
		return e.waiting
	}
	return 0
}
