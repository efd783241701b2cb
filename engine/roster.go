package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
)

// roster is who speaks, at one time. It never changes.
type roster struct {
	pools     []*pool // in the order of the sources
	byVoice   map[string]*pool
	catalogue *voices.Catalogue
}

// find is the pool that speaks when voice is asked for, and its own voice; nil
// when there is none.
func (r *roster) find(voice speech.Voice) (*pool, speech.Voice) {
	voice = r.catalogue.Speaker(voice)
	return r.byVoice[voice.Name], voice
}

// siblings are the voices of p's engine, which may have several sources.
func (r *roster) siblings(p *pool) []speech.Voice {
	var all []speech.Voice
	for _, other := range r.pools {
		if other.info.Name == p.info.Name {
			all = append(all, other.info.Voices...)
		}
	}
	return all
}

// Replace puts sources in the place of those there are. One of the same name and
// version as before goes on with the workers it has; the others' are given up as
// soon as they do not speak. What the catalogue was then is no business of
// requests that began before. ctx bounds the starts; the errors are those of
// [Open], and leave all as it was.
func (e *Engine) Replace(ctx context.Context, sources []Source) error {
	e.replacing.Lock()
	defer e.replacing.Unlock()
	if e.ctx.Err() != nil {
		return errClosed
	}
	old := e.roster.Load()
	kept := map[string]*pool{}
	for _, p := range old.pools {
		kept[p.source.Name] = p
	}
	next := &roster{}
	var started []*pool
	failed := make([]error, len(sources))
	var starting sync.WaitGroup
	for i, source := range sources {
		p := kept[source.Name]
		if p == nil || p.source.Version != source.Version || p.info.Name == "" {
			p = newPool(e, source)
			started = append(started, p)
			starting.Go(func() { failed[i] = p.open(ctx) })
		}
		next.pools = append(next.pools, p)
	}
	starting.Wait()
	if err := next.index(e, failed); err != nil {
		for _, p := range started {
			_ = p.close()
		}
		return err
	}
	e.roster.Store(next)
	current := map[*pool]bool{}
	for _, p := range next.pools {
		current[p] = true
	}
	for _, p := range old.pools {
		if !current[p] {
			e.background(func() { _ = p.close() })
		}
	}
	for _, p := range started {
		if p.source.Warm && p.info.Name != "" {
			e.background(p.warm)
		}
	}
	return nil
}

// index builds the catalogue from what the sources told.
func (r *roster) index(e *Engine, failed []error) error {
	var own []speech.Voice
	var missing []voices.Missing
	names := map[string]bool{}
	r.byVoice = map[string]*pool{}
	for i, p := range r.pools {
		if names[p.source.Name] {
			return fmt.Errorf("engine: two sources are named %q", p.source.Name)
		}
		names[p.source.Name] = true
		if err := failed[i]; err != nil {
			e.config.Log.Error("engine is not available", "engine", p.source.Name, "install", p.source.Install, "cause", err)
			missing = append(missing, voices.Missing{Engine: p.source.Name, Install: p.source.Install})
			continue
		}
		for _, v := range p.info.Voices {
			if r.byVoice[v.Name] != nil {
				return fmt.Errorf("engine: two voices are named %q", v.Name)
			}
			r.byVoice[v.Name] = p
		}
		own = append(own, p.info.Voices...)
	}
	var err error
	r.catalogue, err = voices.New(own, e.config.Names, missing)
	return err
}
