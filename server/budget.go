package server

import (
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

// budget is memory that all calls share, in bytes.
type budget struct {
	what     string // begins the refusal: "The bodies of other requests"
	limit    int64
	patience time.Duration // how long a call may wait for its share

	mu    sync.Mutex
	spent int64
	freed chan struct{} // closed when some is given back; nil when nobody waits
}

// take reports whether n more bytes may be used, and how to learn that some
// have been given back when they may not. Whoever got them gives them back.
func (b *budget) take(n int64) (ok bool, freed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spent+n <= b.limit {
		b.spent += n
		return true, nil
	}
	if b.freed == nil {
		b.freed = make(chan struct{})
	}
	return false, b.freed
}

func (b *budget) give(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent -= n
	if b.freed != nil {
		close(b.freed)
		b.freed = nil
	}
}

func (b *budget) exhausted() error {
	return fault.New(fault.ResourceExhausted, "%s take all the memory that is set aside for them. Try again in a moment.", b.what).Retry(time.Second)
}

// share is what one call has of a budget. It belongs to one goroutine at a time.
type share struct {
	of   *budget
	size int64
}

// resize makes the share size bytes, more or fewer than it was, or refuses at
// once and leaves it as it was.
func (s *share) resize(size int64) error {
	if more := size - s.size; more > 0 {
		if ok, _ := s.of.take(more); !ok {
			return s.of.exhausted()
		}
	} else if more < 0 {
		s.of.give(-more)
	}
	s.size = size
	return nil
}

// await is resize that waits for others to end, as long as the budget has
// patience. Those who want little get it before those who want much.
func (s *share) await(ctx context.Context, size int64) error {
	var patience <-chan time.Time
	for size > s.size {
		ok, freed := s.of.take(size - s.size)
		if ok {
			s.size = size
			return nil
		}
		if patience == nil {
			timer := time.NewTimer(s.of.patience)
			defer timer.Stop()
			patience = timer.C
		}
		select {
		case <-freed:
		case <-patience:
			return s.of.exhausted()
		case <-ctx.Done():
			return fault.From(context.Cause(ctx))
		}
	}
	return s.resize(size)
}

// release gives all of it back. It may be called more than once.
func (s *share) release() { _ = s.resize(0) }
