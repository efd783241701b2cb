package blob

import (
	"context"
	"sync"

	"github.com/lectern/lectern/bucket/file"
)

// cacheBytes is how much of its own scratch a process keeps as files: the shards
// of a book of a megabyte or two.
const cacheBytes = 8 << 30

// cache are the pieces of scratch that this process has written and still has as
// files. Those written first go first.
type cache struct {
	files file.Scratch
	most  int64

	mu     sync.Mutex
	bytes  int64
	pieces []cached // in the order of their writing
}

type cached struct {
	operation, name string
	size            int64
}

func (c *cache) has(operation, name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pieces {
		if p.operation == operation && p.name == name {
			return true
		}
	}
	return false
}

// add keeps a piece that was sent, and lets the oldest go that there is no room
// for. Who reads one of those goes on with its open file.
func (c *cache) add(ctx context.Context, operation, name string, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pieces = append(c.pieces, cached{operation, name, size})
	c.bytes += size
	c.keep(ctx, func(cached) bool { return c.bytes <= c.most })
}

// remove lets one piece go.
func (c *cache) remove(ctx context.Context, operation, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(ctx, func(p cached) bool { return p.operation != operation || p.name != name })
}

// discard lets all of an operation's go, and what was never sent.
func (c *cache) discard(ctx context.Context, operation string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(ctx, func(p cached) bool { return p.operation != operation })
	return c.files.Discard(ctx, operation)
}

// keep removes the pieces that shall not be kept. A file that cannot be removed
// is removed with its operation's folder.
func (c *cache) keep(ctx context.Context, kept func(cached) bool) {
	rest := c.pieces[:0]
	for _, p := range c.pieces {
		if kept(p) {
			rest = append(rest, p)
			continue
		}
		c.bytes -= p.size
		_ = c.files.Remove(context.WithoutCancel(ctx), p.operation, p.name)
	}
	c.pieces = rest
}
