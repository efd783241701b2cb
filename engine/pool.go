package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
)

const (
	// startTimeout bounds the start of one worker. A model of 90 MB takes a second
	// on an idle machine, and many times that on one that is out of breath.
	startTimeout = 30 * time.Second
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
	asking   []chan *worker // of those who wait, see next; each hears once
	alive    int            // workers that are or start
	retired  bool           // no worker is kept any more
	failures int            // in a row
	notUntil time.Time      // no start before this

	sparing       bool // a spare one starts
	spareFailures int  // in a row
	noSpareUntil  time.Time
}

type worker struct {
	driver.Engine
	spoken int
	yields bool   // to others; for good
	used   uint64 // when it became idle, on memory's clock
}

func newPool(e *Engine, source Source) *pool { return &pool{engine: e, source: source} }

// open learns what the engine is, from the source or from a first worker.
func (p *pool) open(ctx context.Context) error {
	if p.source.Info != nil {
		p.info = *p.source.Info
		return nil
	}
	w, err := p.start(ctx)
	if err != nil {
		return err
	}
	info := w.Info()
	if info.Name != p.source.Name {
		_ = p.end(w)
		return fmt.Errorf("the engine of source %q says that its name is %q", p.source.Name, info.Name)
	}
	p.info = info
	p.put(w)
	return nil
}

// warm starts workers until there is one for each slot, or memory is short.
func (p *pool) warm() {
	for p.wants() && p.engine.memory.fits(p) {
		w, err := p.start(p.engine.ctx)
		if err != nil {
			return
		}
		p.put(w)
	}
}

// wants reports whether there are fewer workers than slots.
func (p *pool) wants() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.retired && p.alive < p.engine.config.Slots
}

// spare starts, in the background, the worker for the one slot more that there is
// while long work speaks: who listens shall find it ready. One that does not start is
// tried again after a pause.
func (p *pool) spare() {
	p.mu.Lock()
	wanted := !p.retired && !p.sparing && !time.Now().Before(p.noSpareUntil) && p.alive == p.engine.config.Slots && len(p.idle) == 0
	p.sparing = p.sparing || wanted
	p.mu.Unlock()
	if !wanted {
		return
	}
	p.engine.background(func() {
		var w *worker
		var err error
		if p.engine.memory.fits(p) {
			if w, err = p.start(p.engine.ctx); err == nil {
				p.put(w)
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sparing = false
		if err == nil {
			p.spareFailures = 0
			return
		}
		p.noSpareUntil = time.Now().Add(pauseAfter(p.spareFailures))
		p.spareFailures++
		if p.engine.ctx.Err() == nil {
			p.engine.config.Log.Error("engine does not start", "engine", p.source.Name, "cause", err)
		}
	})
}

// pauseAfter is how long nothing is started after a failure that so many were before.
func pauseAfter(failures int) time.Duration {
	return min(minPause<<min(failures, pauseDoublingsToStop), maxPause)
}

// ready sees to it that a worker is there before a slot is taken, if the source
// is one whose workers take long to start: those of models, which tell what they
// are without one. The first that is needed brings the others along.
func (p *pool) ready(ctx context.Context) error {
	p.mu.Lock()
	ready := p.source.Info == nil || len(p.idle) > 0 || p.alive >= p.engine.config.Slots
	first := p.alive == 0
	p.mu.Unlock()
	if ready {
		return nil
	}
	w, err := p.fresh(ctx)
	if err != nil {
		return err
	}
	p.put(w)
	if first {
		p.engine.background(p.warm)
	}
	return nil
}

// take returns an idle worker or starts one. Those that speak long work yield to the
// others, and stay at it, as far as there are enough.
func (p *pool) take(ctx context.Context, class Class) (*worker, error) {
	w := p.takeIdle(class == Batch)
	for w == nil {
		var err error
		if w, err = p.next(ctx); err != nil {
			return nil, err
		}
		if w == nil {
			w = p.takeIdle(class == Batch)
		}
	}
	if class == Batch && !w.yields {
		w.yields = true
		if able, ok := w.Engine.(driver.Yielder); ok {
			able.Yield()
		}
	}
	return w, nil
}

// next starts a worker. Where that takes long and all that there should be speak, it
// is the one that is there first, a spare one or one that somebody has done with; nil
// when that is not certain any more.
func (p *pool) next(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	switch {
	case len(p.idle) > 0:
		p.mu.Unlock()
		return nil, nil
	case p.source.Info == nil || p.alive < p.engine.config.Slots:
		p.mu.Unlock()
		return p.fresh(ctx)
	}
	freed := make(chan *worker, 1)
	p.asking = append(p.asking, freed)
	p.mu.Unlock()
	p.spare()
	select {
	case w := <-freed:
		return w, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	at := slices.Index(p.asking, freed)
	if at >= 0 {
		p.asking = slices.Delete(p.asking, at, at+1)
	}
	p.mu.Unlock()
	if at < 0 { // one came at the same moment: pass it on
		if w := <-freed; w != nil {
			p.put(w)
		}
	}
	return nil, context.Cause(ctx)
}

// tell gives w to who has asked first, or nil for word that there is one less. It
// reports whether there was somebody; p is locked.
func (p *pool) tell(w *worker) bool {
	if len(p.asking) == 0 {
		return false
	}
	p.asking[0] <- w
	p.asking = slices.Delete(p.asking, 0, 1)
	return true
}

// takeIdle takes the idle worker that was used last, of those that yield, or do not,
// if there is one; nil if none is idle.
func (p *pool) takeIdle(yields bool) *worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	at := len(p.idle) - 1
	for i := at; i >= 0; i-- {
		if p.idle[i].yields == yields {
			at = i
			break
		}
	}
	w := p.idle[at]
	p.idle = slices.Delete(p.idle, at, at+1)
	return w
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
	p.mu.Lock()
	p.alive++
	p.mu.Unlock()
	p.engine.memory.admit(p.engine, p)
	e, err := p.source.Start(ctx)
	if err != nil {
		p.gone()
		return nil, err
	}
	return &worker{Engine: e}, nil
}

// gone counts a worker that is no more.
func (p *pool) gone() {
	p.mu.Lock()
	p.alive--
	p.tell(nil)
	p.mu.Unlock()
	p.engine.memory.release(p)
}

// end closes w and waits for it.
func (p *pool) end(w *worker) error {
	p.gone()
	return w.Close()
}

// failed counts a failure and returns how long to pause before a new start.
func (p *pool) failed() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failures++
	if p.failures < patience {
		return 0
	}
	pause := pauseAfter(p.failures - patience)
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
	retired := p.retired
	if !retired && !p.tell(w) {
		w.used = p.engine.memory.uses.Add(1)
		p.idle = append(p.idle, w)
	}
	p.mu.Unlock()
	if retired {
		p.discard(w)
	}
}

// discard closes w without making anybody wait for it.
func (p *pool) discard(w *worker) {
	p.engine.running.Go(func() { _ = p.end(w) }) // the caller holds a count of running
}

// idleSince tells when the idle worker that was used least lately became so.
func (p *pool) idleSince() (used uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return 0, false
	}
	return p.idle[0].used, true
}

// takeOldest takes the idle worker that was used least lately, if there still is
// one, and counts it as gone, but for its memory.
func (p *pool) takeOldest() *worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	w := p.idle[0]
	p.idle = p.idle[1:]
	p.alive--
	return w
}

// close ends the idle workers and waits for them; those that speak end after it.
func (p *pool) close() error {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.retired = nil, true
	p.mu.Unlock()
	errs := make([]error, len(idle))
	var closing sync.WaitGroup
	for i, w := range idle {
		closing.Go(func() { errs[i] = p.end(w) })
	}
	closing.Wait()
	return errors.Join(errs...)
}
