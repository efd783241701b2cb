package server

import (
	"sync/atomic"
	"time"

	"github.com/lectern/lectern/fault"
)

// budget is memory that all calls share, in bytes.
type budget struct {
	limit int64
	spent atomic.Int64
}

func newBudget(limit int64) *budget { return &budget{limit: limit} }

// take reports whether n more bytes may be used. Whoever got them gives them back.
func (b *budget) take(n int64) bool {
	if b.spent.Add(n) <= b.limit {
		return true
	}
	b.spent.Add(-n)
	return false
}

func (b *budget) give(n int64) { b.spent.Add(-n) }

// share is what one call has of a budget. It belongs to one goroutine at a time.
type share struct {
	of   *budget
	size int64
	what string // begins the refusal: "The bodies of other requests"
}

// resize makes the share size bytes, more or fewer than it was, or refuses and
// leaves it as it was.
func (s *share) resize(size int64) error {
	if more := size - s.size; more > 0 && !s.of.take(more) {
		return fault.New(fault.ResourceExhausted, "%s take all the memory that is set aside for them. Try again in a moment.", s.what).Retry(time.Second)
	} else if more < 0 {
		s.of.give(-more)
	}
	s.size = size
	return nil
}

// release gives all of it back. It may be called more than once.
func (s *share) release() { _ = s.resize(0) }
