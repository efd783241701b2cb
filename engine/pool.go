package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
)

const (
	// startTimeout bounds the start of one worker.
	startTimeout = 10 * time.Second
	// patience is how many failures in a row are taken for accidents.
	patience             = 3
	minPause, maxPause   = 100 * time.Millisecond, 10 * time.Second
	pauseDoublingsToStop = 7
)

// pool holds the workers of one source: idle ones, the latest used on top.
type pool struct {
	engine *Engine
	source Source
	info   driver.Info // zero when the source did not start

	mu       sync.Mutex
	idle     []*worker
	failures int       // in a row
	notUntil time.Time // no start before this
}

type worker struct {
	driver.Engine
	spoken int
}

func newPool(e *Engine, source Source) *pool { return &pool{engine: e, source: source} }

// open starts the first worker and learns what the engine is.
func (p *pool) open(ctx context.Context) error {
	w, err := p.start(ctx)
	if err != nil {
		return err
	}
	info := w.Info()
	if info.Name != p.source.Name {
		w.Close()
		return fmt.Errorf("the engine of source %q says that its name is %q", p.source.Name, info.Name)
	}
	p.info = info
	p.put(w)
	return nil
}

// prewarm starts workers until there is one for each slot.
func (p *pool) prewarm() {
	for range p.engine.config.Slots - 1 {
		w, err := p.start(p.engine.ctx)
		if err != nil {
			return
		}
		p.put(w)
	}
}

// take returns an idle worker or starts one.
func (p *pool) take(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return w, nil
	}
	p.mu.Unlock()
	return p.fresh(ctx)
}

// fresh starts a worker, unless the engine has failed too often of late.
func (p *pool) fresh(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	wait := time.Until(p.notUntil)
	p.mu.Unlock()
	if wait > 0 {
		return nil, p.unavailable(wait)
	}
	w, err := p.start(ctx)
	switch {
	case err == nil:
		return w, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	p.engine.config.Log.Error("engine does not start", "engine", p.source.Name, "cause", err)
	return nil, p.unavailable(p.failed()).Because(err)
}

func (p *pool) unavailable(wait time.Duration) *fault.Error {
	return fault.New(fault.Unavailable, "The engine %s cannot be started at the moment. Try again later.", p.source.Name).
		Retry(max(wait, minPause))
}

func (p *pool) start(ctx context.Context) (*worker, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	e, err := p.source.Start(ctx)
	if err != nil {
		return nil, err
	}
	return &worker{Engine: e}, nil
}

// failed counts a failure and returns how long to pause before a new start.
func (p *pool) failed() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failures++
	if p.failures < patience {
		return 0
	}
	pause := min(minPause<<min(p.failures-patience, pauseDoublingsToStop), maxPause)
	p.notUntil = time.Now().Add(pause)
	return pause
}

// done takes back a worker after an utterance that ended with err.
func (p *pool) done(w *worker, err error) {
	w.spoken++
	switch {
	case errors.Is(err, driver.ErrCrashed):
		p.discard(w)
	case w.spoken >= p.engine.config.ReplaceAfter:
		p.discard(w)
	default:
		if err == nil {
			p.mu.Lock()
			p.failures = 0
			p.mu.Unlock()
		}
		p.put(w)
	}
}

func (p *pool) put(w *worker) {
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
}

// discard closes w without making anybody wait for it.
func (p *pool) discard(w *worker) {
	p.engine.running.Go(func() { w.Close() }) // the caller holds a count of running
}

func (p *pool) close() error {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	errs := make([]error, len(idle))
	var closing sync.WaitGroup
	for i, w := range idle {
		closing.Go(func() { errs[i] = w.Close() })
	}
	closing.Wait()
	return errors.Join(errs...)
}
