package clip

import (
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

// A clip that was fetched is kept for a minute, so that the parts of a document
// that are spoken side by side, and one after the other, fetch it once.
const (
	keepFor     = time.Minute
	keepBytes   = 32 << 20
	keepEntries = 256
	// keepFailure is how long what cannot be fetched is not asked for again: a
	// document may name it in each of its sentences.
	keepFailure = 10 * time.Second
)

// cache fetches each address once, however many ask for it at the same time.
// Safe for concurrent use.
type cache struct {
	fetch func(ctx context.Context, src string) ([]byte, error)
	now   func() time.Time

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	flying sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	entries map[string]*entry
	bytes   int64 // of the entries that have landed
}

// entry is a fetch, under way or landed.
type entry struct {
	landed chan struct{} // closed when body and err are set
	body   []byte
	err    error
	until  time.Time // zero while under way

	waiting int // callers; the last one to leave cancels
	cancel  context.CancelFunc
}

func newCache(fetch func(context.Context, string) ([]byte, error)) *cache {
	c := &cache{fetch: fetch, now: time.Now, entries: map[string]*entry{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// get returns what src answers with. It returns when ctx ends; the fetch goes
// on while anybody else waits for it.
func (c *cache) get(ctx context.Context, src string) ([]byte, error) {
	e, err := c.join(src)
	if err != nil {
		return nil, err
	}
	defer c.leave(src, e)
	select {
	case <-e.landed:
		return e.body, e.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// join finds the fetch of src, or starts one.
func (c *cache) join(src string) (*entry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, fault.New(fault.Unavailable, "The server is stopping.")
	}
	e := c.entries[src]
	if e != nil && !e.until.IsZero() && !c.now().Before(e.until) {
		c.forget(src)
		e = nil
	}
	if e == nil {
		ctx, cancel := context.WithCancel(c.ctx)
		e = &entry{landed: make(chan struct{}), cancel: cancel}
		c.entries[src] = e
		c.flying.Go(func() {
			defer cancel()
			body, err := c.fetch(ctx, src)
			c.land(src, e, body, err)
		})
	}
	e.waiting++
	return e, nil
}

func (c *cache) leave(src string, e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.waiting--
	if e.waiting == 0 && c.entries[src] == e && e.until.IsZero() {
		e.cancel()
		delete(c.entries, src)
	}
}

func (c *cache) land(src string, e *entry, body []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.body, e.err = body, err
	close(e.landed)
	switch {
	case c.entries[src] != e: // everybody left
	case err != nil:
		e.until = c.now().Add(keepFailure)
		c.makeRoom()
	default:
		e.until = c.now().Add(keepFor)
		c.bytes += int64(len(body))
		c.makeRoom()
	}
}

// makeRoom forgets what has been kept longest until the rest fits.
func (c *cache) makeRoom() {
	for c.bytes > keepBytes || len(c.entries) > keepEntries {
		var oldest string
		for src, e := range c.entries {
			if !e.until.IsZero() && (oldest == "" || e.until.Before(c.entries[oldest].until)) {
				oldest = src
			}
		}
		if oldest == "" {
			return // all are under way
		}
		c.forget(oldest)
	}
}

func (c *cache) forget(src string) {
	c.bytes -= int64(len(c.entries[src].body))
	delete(c.entries, src)
}

// close cancels the fetches under way and waits for them.
func (c *cache) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.flying.Wait()
}
