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
	place   chan struct{} // of those that have a head start; nil without one
}

// enter takes a place among those that have a head start, if there is one.
func (g *gathering) enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		g.place = places
		return true
	default:
		return false
	}
}

// leave gives the place back.
func (g *gathering) leave() {
	if g.place != nil {
		<-g.place
		g.place = nil
	}
}

// mostAhead is how many objects have a head start at once, each of which is an
// open file and half of an object on the disk. The others are joined at their
// ends, from scratch.
const mostAhead = 16

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
		if g.upload == nil && !g.enter(k.openAhead) {
			return // later perhaps
		}
		delete(g.spoken, len(g.joined))
		g.mu.Unlock()
		err := k.join(ctx, id, spec, g, next)
		g.mu.Lock()
		if err != nil {
			k.log.Debug("no head start for an operation", "operation", id, "cause", err)
			g.drop()
			return
		}
		g.joined = append(g.joined, next)
	}
}

// join appends one shard. Only the goroutine that is joining calls it.
func (k *Kind) join(ctx context.Context, id string, spec Spec, g *gathering, r shardResult) error {
	if g.upload == nil {
		header, _, err := k.synth.Wrapping(spec.Settings, 0)
		if err != nil {
			return err
		}
		if g.upload, err = k.stage(id, spec, len(header)); err != nil {
			return err
		}
		g.room = len(header)
	}
	return k.copyScratch(ctx, id, r, g.upload)
}

// drop gives the head start up.
func (g *gathering) drop() {
	g.broken = true
	g.leave()
	if g.upload != nil {
		g.upload.Discard()
		g.upload = nil
	}
}

// assemble makes the staged object of all shards, not sealed yet, continuing a
// head start that fits.
func (k *Kind) assemble(ctx context.Context, id string, spec Spec, results []shardResult, frames audio.Frames) (*bucket.Upload, error) {
	header, trailer, err := k.synth.Wrapping(spec.Settings, frames)
	if err != nil {
		return nil, err
	}
	upload, rest := k.headStart(id, len(header), results)
	if upload == nil {
		if upload, err = k.stage(id, spec, len(header)); err != nil {
			return nil, err
		}
		rest = results
	}
	if err := k.complete(ctx, id, upload, header, rest, trailer); err != nil {
		upload.Discard()
		return nil, err
	}
	return upload, nil
}

// headStart takes over what was gathered if it is the beginning of results,
// after a header of the right size: that of RF64 is longer than that of RIFF.
func (k *Kind) headStart(id string, room int, results []shardResult) (*bucket.Upload, []shardResult) {
	g := k.gatherings.take(id)
	if g == nil || g.upload == nil {
		return nil, nil
	}
	g.leave()
	if n := len(g.joined); g.room == room && n <= len(results) && slices.Equal(g.joined, results[:n]) {
		return g.upload, results[n:]
	}
	g.drop()
	return nil, nil
}

func (k *Kind) stage(id string, spec Spec, room int) (*bucket.Upload, error) {
	upload, err := k.buckets.Stage(id, spec.Object)
	if err != nil {
		return nil, err
	}
	if err := upload.Reserve(room); err != nil {
		upload.Discard()
		return nil, err
	}
	return upload, nil
}

func (k *Kind) complete(ctx context.Context, id string, to *bucket.Upload, header []byte, rest []shardResult, trailer []byte) error {
	for _, r := range rest {
		if err := k.copyScratch(ctx, id, r, to); err != nil {
			return fmt.Errorf("joining scratch %s: %w", r.Scratch, err)
		}
	}
	if _, err := to.Write(trailer); err != nil {
		return err
	}
	return to.Fill(header)
}
