package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
)

// traffic is the clients of the kill test. They outlive every server and go on
// with whichever is there.
type traffic struct {
	clients []*client // one to each server that there may be
	ledger  *ledger
	history *history
	samples []*sample
	seed    uint64

	stopCreating atomic.Bool
	creating     sync.WaitGroup
	others       sync.WaitGroup
	number       atomic.Int64
}

const (
	creators, cancellers, readers, waiters = 3, 2, 2, 2
	// deleteShare of the operations are to be deleted when they have ended.
	deleteShare = 0.1
	// cancelShare of the operations are to be cancelled, if it is not too late.
	cancelShare = 0.35
	// backlog is how many operations may be open before creators pause.
	backlog = 40
	// attempt bounds one call; its server may be dead.
	attempt = 2 * time.Second
)

// run starts all clients; finishCreating, then the end of ctx, stop them.
func (t *traffic) run(ctx context.Context) {
	for i := range creators {
		t.creating.Go(func() { t.create(ctx, rand.New(rand.NewPCG(t.seed, uint64(i)))) })
	}
	for i := range cancellers {
		t.others.Go(func() { t.cancel(ctx, rand.New(rand.NewPCG(t.seed, uint64(100+i)))) })
	}
	for i := range readers {
		t.others.Go(func() { t.read(ctx, rand.New(rand.NewPCG(t.seed, uint64(200+i)))) })
	}
	for i := range waiters {
		t.others.Go(func() { t.wait(ctx, rand.New(rand.NewPCG(t.seed, uint64(300+i)))) })
	}
	t.others.Go(func() { t.list(ctx, rand.New(rand.NewPCG(t.seed, 400))) })
	t.others.Go(func() { t.delete(ctx, rand.New(rand.NewPCG(t.seed, 500))) })
}

// one is a client to any of the servers.
func (t *traffic) one() *client { return t.clients[rand.IntN(len(t.clients))] }

// finishCreating returns when the last create was answered.
func (t *traffic) finishCreating() {
	t.stopCreating.Store(true)
	t.creating.Wait()
}

// create starts operations. A call that got no answer is repeated with the
// same idempotency key, so that in the end every accepted operation is known.
func (t *traffic) create(ctx context.Context, random *rand.Rand) {
	for !t.stopCreating.Load() && ctx.Err() == nil {
		if len(t.ledger.open()) < backlog {
			n := t.number.Add(1)
			text := choose(t.samples, random)
			e := &entry{uri: fmt.Sprintf("gs://proof/%03d/%s.wav", n, text.name), text: text, doomed: random.Float64() < cancelShare, unwanted: random.Float64() < deleteShare}
			t.createUntilAnswered(ctx, fmt.Sprintf("create-%d", n), e)
		}
		pause(ctx, between(random, 10*time.Millisecond, 90*time.Millisecond))
	}
}

func (t *traffic) createUntilAnswered(ctx context.Context, key string, e *entry) {
	first := t.history.now()
	for ctx.Err() == nil {
		call, cancel := context.WithTimeout(ctx, attempt)
		last := t.history.now()
		op, err := t.one().startOnce(call, key, e.text.voice, e.text.text, e.uri)
		cancel()
		if err == nil {
			e.name = op.Name
			t.history.started(op, first, last)
			t.ledger.accept(e)
			t.ledger.saw(e, known{}, op)
			return
		}
		pause(ctx, 10*time.Millisecond)
	}
}

// cancel cancels random operations and looks at once whether they ended.
func (t *traffic) cancel(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		if e := t.ledger.pick(random); e != nil && e.doomed {
			call, over := context.WithTimeout(ctx, attempt)
			t.ledger.cancelling(e)
			if t.history.change(e.name, doCancel, func() error { return t.one().cancel(call, e.name) }) == nil {
				t.look(call, e)
			}
			over()
		}
		pause(ctx, between(random, 0, 150*time.Millisecond))
	}
}

// read looks at random operations, ended ones included.
func (t *traffic) read(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		if e := t.ledger.any(random); e != nil {
			call, cancel := context.WithTimeout(ctx, attempt)
			t.look(call, e)
			cancel()
		}
		if e := t.ledger.pick(random); e != nil {
			call, cancel := context.WithTimeout(ctx, attempt)
			t.look(call, e)
			cancel()
		}
		pause(ctx, between(random, 0, 10*time.Millisecond))
	}
}

func (t *traffic) look(ctx context.Context, e *entry) {
	before := t.ledger.before(e)
	if op, err := t.history.look(e.name, func() (*longrunningpb.Operation, error) { return t.one().get(ctx, e.name) }); err == nil {
		t.ledger.saw(e, before, op)
	}
}

// wait waits for the ends of random operations, each for a moment.
func (t *traffic) wait(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		if e := t.ledger.pick(random); e != nil {
			call, over := context.WithTimeout(ctx, attempt)
			before := t.ledger.before(e)
			op, err := t.history.look(e.name, func() (*longrunningpb.Operation, error) {
				return t.one().wait(call, e.name, between(random, 0, attempt/2))
			})
			if err == nil {
				t.ledger.saw(e, before, op)
			}
			over()
		}
		pause(ctx, between(random, 0, 50*time.Millisecond))
	}
}

// list looks at pages, of a few operations or of as many as there may be.
func (t *traffic) list(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		call, over := context.WithTimeout(ctx, attempt)
		_ = t.history.list(call, t.one(), []int32{10, 1000}[random.IntN(2)]) // what is not answered tells nothing
		over()
		pause(ctx, between(random, 0, 500*time.Millisecond))
	}
}

// delete deletes some operations that have ended.
func (t *traffic) delete(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		if e := t.ledger.deleting(random); e != nil {
			call, over := context.WithTimeout(ctx, attempt)
			_ = t.history.change(e.name, doDelete, func() error { return t.one().delete(call, e.name) }) // perhaps it was, perhaps not
			t.look(call, e)
			over()
		}
		pause(ctx, between(random, 0, 100*time.Millisecond))
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// between is a random time from least to most.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)+1))
}
