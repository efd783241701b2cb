package clip

import (
	"context"
	"time"
)

// Hasten lets no fetch wait for its host's second.
func (l *Library) Hasten() {
	if l.fetcher != nil {
		l.fetcher.manners.wait = func(context.Context, time.Duration) error { return nil }
	}
}

// Waiting is how many callers wait for the fetch of src.
func (l *Library) Waiting(src string) int {
	l.fetched.mu.Lock()
	defer l.fetched.mu.Unlock()
	if e := l.fetched.entries[src]; e != nil {
		return e.waiting
	}
	return 0
}

const DefaultMaxBytes = defaultMaxBytes
