package lro

import (
	"context"
	"sync"
)

// Away calls wait, and meanwhile gives the place of the shard whose Run has ctx to
// others: for what takes time in which nobody works here, such as an answer of
// another host. It returns wait's error when the shard has a place again, or the
// cause of ctx if that ends first. The time counts neither as work nor as standing
// still. With any other ctx it is wait alone.
func Away(ctx context.Context, wait func() error) error {
	p, ok := ctx.Value(seatKey{}).(*seat)
	if !ok {
		return wait()
	}
	p.leave()
	err := wait()
	if back := p.comeBack(ctx); back != nil {
		return back
	}
	return err
}

type seatKey struct{}

// seat is the place that an attempt has among those that work, or has lent.
type seat struct {
	take func(ctx context.Context) (leave func(), ok bool)
	// rest stops the clock that waits for signs of life, beat starts it again; nil
	// before there is one.
	rest, beat func()

	mu   sync.Mutex
	free func() // gives the place back; nil while it is lent
	away int    // how many are away
}

// leave lends the place when the first one goes.
func (p *seat) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away++
	if p.free != nil {
		p.free()
		p.free = nil
		p.rest()
	}
}

// comeBack waits for a place when the last one is back.
func (p *seat) comeBack(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away--; p.away > 0 {
		return context.Cause(ctx)
	}
	free, ok := p.take(ctx)
	if !ok {
		return context.Cause(ctx)
	}
	p.free = free
	p.beat()
	return context.Cause(ctx)
}

// end gives the place back, if the attempt has it.
func (p *seat) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free != nil {
		p.free()
		p.free = nil
	}
}
