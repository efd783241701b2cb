package longaudio

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
)

// gathering joins an operation's shards into its staged object while later
// ones are still being spoken, so that little is left to write after the last.
//
// It is a head start, not a record: it lives in memory, shards are joined
// before their results are committed, and Finish begins anew when what was
// joined is not what was committed.
type gathering struct {
	mu      sync.Mutex
	upload  *bucket.Upload
	room    int                 // for the header
	spoken  map[int]shardResult // by index, not joined yet
	joined  []shardResult
	joining bool // one goroutine at a time
	broken  bool
}

// gatherings are those of the operations under way, by id.
type gatherings struct {
	mu sync.Mutex
	of map[string]*gathering
}

func (all *gatherings) get(id string) *gathering {
	all.mu.Lock()
	defer all.mu.Unlock()
	g := all.of[id]
	if g == nil {
		if all.of == nil {
			all.of = map[string]*gathering{}
		}
		g = &gathering{spoken: map[int]shardResult{}}
		all.of[id] = g
	}
	return g
}

// take removes the gathering of id and returns it, or nil.
func (all *gatherings) take(id string) *gathering {
	all.mu.Lock()
	defer all.mu.Unlock()
	g := all.of[id]
	delete(all.of, id)
	return g
}

// gather notes that a shard was spoken, and joins what can be joined now unless
// somebody else does. What goes wrong costs the head start only.
func (k *Kind) gather(ctx context.Context, id string, spec Spec, index int, r shardResult) {
	g := k.gatherings.get(id)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.spoken[index] = r
	if g.joining || g.broken {
		return
	}
	g.joining = true
	defer func() { g.joining = false }()
	for {
		next, ok := g.spoken[len(g.joined)]
		if !ok {
			return
		}
		g.mu.Unlock()
		joined, err := k.join(ctx, id, spec, g, next)
		g.mu.Lock()
		if err != nil {
			k.log.Debug("no head start for an operation", "operation", id, "cause", err)
			g.drop(ctx)
			return
		}
		if !joined {
			return // later perhaps
		}
		delete(g.spoken, len(g.joined))
		g.joined = append(g.joined, next)
	}
}

// join appends one shard, if there is a place for a head start. Only the
// goroutine that is joining calls it.
func (k *Kind) join(ctx context.Context, id string, spec Spec, g *gathering, r shardResult) (joined bool, err error) {
	if g.upload == nil {
		header, _, err := k.synth.Wrapping(spec.Settings, 0)
		if err != nil {
			return false, err
		}
		if g.upload, err = k.buckets.StageAhead(ctx, id, spec.Object, len(header)); g.upload == nil {
			return false, err
		}
		g.room = len(header)
	}
	return true, k.copyScratch(ctx, id, r, g.upload.Body(ctx))
}

// drop gives the head start up.
func (g *gathering) drop(ctx context.Context) {
	g.broken = true
	if g.upload != nil {
		_ = g.upload.Discard(ctx)
		g.upload = nil
	}
}

// assemble makes the staged object of all shards, continuing a head start that
// fits. head are the bytes that its sealing needs.
func (k *Kind) assemble(ctx context.Context, id string, spec Spec, results []shardResult, frames audio.Frames, progress func(float64)) (upload *bucket.Upload, head []byte, err error) {
	header, trailer, err := k.synth.Wrapping(spec.Settings, frames)
	if err != nil {
		return nil, nil, err
	}
	upload, rest := k.headStart(ctx, id, len(header), results)
	if upload != nil {
		head, header = header, nil
	} else {
		if upload, err = k.buckets.Stage(ctx, id, spec.Object); err != nil {
			return nil, nil, err
		}
		rest = results
	}
	if err := k.complete(ctx, id, upload, header, rest, trailer, progress); err != nil {
		_ = upload.Discard(ctx)
		return nil, nil, err
	}
	return upload, head, nil
}

// headStart takes over what was gathered if it is the beginning of results,
// after a header of the right size: that of RF64 is longer than that of RIFF.
func (k *Kind) headStart(ctx context.Context, id string, room int, results []shardResult) (*bucket.Upload, []shardResult) {
	g := k.gatherings.take(id)
	if g == nil || g.upload == nil {
		return nil, nil
	}
	if n := len(g.joined); g.room == room && n <= len(results) && slices.Equal(g.joined, results[:n]) {
		return g.upload, results[n:]
	}
	g.drop(ctx)
	return nil, nil
}

// complete writes what is missing.
func (k *Kind) complete(ctx context.Context, id string, upload *bucket.Upload, header []byte, rest []shardResult, trailer []byte, progress func(float64)) error {
	to := upload.Body(ctx)
	if _, err := to.Write(header); err != nil {
		return err
	}
	for i, r := range rest {
		if err := k.copyScratch(ctx, id, r, to); err != nil {
			return fmt.Errorf("joining scratch %s: %w", r.Scratch, err)
		}
		progress(float64(i+1) / float64(len(rest)))
	}
	_, err := to.Write(trailer)
	return err
}
