package lectern

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/internal/installed"
	"github.com/lectern/lectern/internal/metrics"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/openai"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi"
	"github.com/lectern/lectern/ttsapi/restgw"
)

// New makes a server of c: what it opens is closed by Close, or at once if New fails.
// ctx is for that alone. It reads as the list of what a server is made of.
func New(ctx context.Context, c Config) (_ *Server, err error) {
	s := &Server{config: c.withDefaults()}
	s.life, s.end = context.WithCancelCause(context.Background())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	c = s.config
	temporary := c.Data == ""
	if temporary {
		if c.Data, err = os.MkdirTemp("", "lectern-"); err != nil {
			return nil, fmt.Errorf("there is no place for the operations: %w", err)
		}
		s.closing("data", func() error { return os.RemoveAll(c.Data) })
	} else if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data directory cannot be made: %w", err)
	}
	s.data = c.Data
	// Workers say what they can do while the store is opened: each takes as long.
	engines := sync.OnceValues(func() (*engine.Engine, error) { return openEngines(ctx, c) })
	go func() { _, _ = engines() }()
	s.closing("engines", func() error {
		opened, err := engines()
		if err != nil {
			return nil // New has told
		}
		return opened.Close()
	})

	kept := newReserve(c.Data, c.Log)
	if temporary {
		kept.size = 0 // of what is temporary there is nothing to rescue
	}
	kept.onFullDisk() // to start writes too, though not at once
	store, err := openStore(ctx, c, temporary, kept)
	if err != nil {
		return nil, err
	}
	s.closing("store", store.Close)

	used, err := openQuota(ctx, c, store.Store)
	if err != nil {
		return nil, err
	}
	s.closing("usage", used.Close)
	s.used = used

	buckets, err := openBuckets(ctx, c)
	if err != nil {
		return nil, err
	}
	s.closing("buckets", buckets.Close)
	buckets.Respect(names{store.Store})
	warnOfBuckets(ctx, c.Log, buckets)
	owners, err := newBucketOwners(c, store.Store, buckets)
	if err != nil {
		return nil, err
	}
	owners.settle(ctx, store.Store, c.Log)

	if s.engines, err = engines(); err != nil {
		return nil, err
	}

	clips, err := clip.New(c.Clips)
	if err != nil {
		return nil, fmt.Errorf("the clips cannot be opened: %w", err)
	}
	s.closing("clips", clips.Close)

	pipeline := synth.New(synth.Config{Engines: s.engines, Lexicons: c.Lexicons, Formats: c.Encodings, Clips: clips, Sources: clipSources(c.Clips), Spools: filepath.Join(c.Data, "spools"), Waiting: away, Log: c.Log})
	all := callers.New(callers.Limits{Slots: c.Slots, Streams: c.Streams, Wait: c.Wait})
	left := newRoom(c.Data, buckets.Scratch().Room)
	studio := longaudio.New(longaudio.Config{
		Synth: pipeline, Buckets: buckets, Made: used.Made, Log: c.Log,
		Room: func() error { return left.refuse("new long operations") },
	})
	tts := ttsapi.New(ttsapi.Config{
		Synth:     pipeline,
		LongAudio: studio,
		Limits:    c.Limits,
		Strict:    c.Strict, StrictSSML: c.Strict || c.StrictSSML,
		Webhooks: c.Webhooks,
		Log:      c.Log,
		Reserve:  server.Reserve, Callers: all, Quota: used, Remote: server.Remote, StreamIdle: c.StreamIdle, MayWrite: owners.MayWrite, Claim: owners.Claim,
	})
	s.operations, err = openedWithRoom(kept, func() (*lro.Manager, error) {
		return lro.Open(ctx, lro.Config{
			Store: store.Store, Kinds: tts.LongAudioKinds(), Abilities: studio.Abilities, Slots: c.Slots, Retention: c.Retention, Notify: tts.Notify(c.Notify), Log: c.Log,
			Idle: c.Role == RoleAPI, Version: c.Version, Sees: ttsapi.Sees,
		})
	})
	if err != nil {
		return nil, err
	}
	s.keepReserve = kept.keep
	ready := &readiness{
		data: c.Data, operations: s.operations, buckets: buckets.Probe, room: left.check, now: time.Now,
		engines: func() int { return len(s.engines.Infos()) }, store: store.ready,
	}
	spoken := openai.New(openai.Config{
		Synth:      synth.New(synth.Config{Engines: s.engines, Lexicons: c.Lexicons, Formats: c.Spoken, Log: c.Log}),
		InputBytes: max(c.Limits.TextBytes, leastOpenAIInput), Strict: c.Strict, Callers: all, Quota: used,
	})
	objects := newObjects(buckets, owners, left)
	s.closing("objects", func() error { objects.Close(); return nil })
	counts := metrics.New(c.Version, metrics.Sources{
		Load:      s.operations.Load,
		FreeBytes: func() (int64, error) { return freeSpace(c.Data) },
	})
	served := c.Server
	served.Register = func(g grpc.ServiceRegistrar) {
		tts.Register(g, s.operations)
		longrunningpb.RegisterOperationsServer(g, s.operations)
	}
	served.Gateway = restgw.Register
	served.VerbBytes = map[string]int64{"synthesize": tts.BodyBytes()}
	maps.Copy(served.VerbBytes, c.Server.VerbBytes)
	served.Forward = append(ttsapi.Headers(), c.Server.Forward...)
	served.APIs = append([]server.API{{Patterns: openai.Patterns(), Serve: spoken.Serve, Refuse: openai.Refuse}}, c.Server.APIs...)
	served.APIs = append(served.APIs, objectAPIs(objects, buckets, s.operations)...)
	served.Pages = counts.Pages()
	maps.Copy(served.Pages, c.Server.Pages)
	if served.Observe = counts.Observe; c.Server.Observe != nil {
		served.Observe = func(method, code string, took time.Duration) {
			counts.Observe(method, code, took)
			c.Server.Observe(method, code, took)
		}
	}
	served.Unary = append([]grpc.UnaryServerInterceptor{admission{kept, ready}.unary}, c.Server.Unary...)
	if served.Ready = ready.check; c.Server.Ready != nil {
		served.Ready = func(ctx context.Context) error { return errors.Join(ready.check(ctx), c.Server.Ready(ctx)) }
	}
	served.Log = c.Log
	if c.Role == RoleWorker { // which is asked for its health only
		served.Register, served.Gateway, served.APIs = func(grpc.ServiceRegistrar) {}, nil, nil
	}
	if s.port, err = server.New(served); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	if s.home, err = openWyoming(c, pipeline, all, used); err != nil {
		return nil, err
	}
	if err := ready.remember(append(store.files, c.Data)...); err != nil {
		return nil, err
	}
	return s, nil
}

// leastOpenAIInput holds the 4,096 characters of OpenAI's own, whatever they are.
const leastOpenAIInput = 4096 * 4

// away lets others have the place of who waits for another host, be it a shard of a
// long operation's or a call's.
func away(ctx context.Context, wait func() error) error {
	return callers.Away(ctx, func() error { return lro.Away(ctx, wait) })
}

// openQuota begins to count what is used in the store of the operations.
func openQuota(ctx context.Context, c Config, store driver.Store) (*quota.Quota, error) {
	counter, ok := store.(driver.Counter)
	if !ok {
		return nil, fmt.Errorf("the store of the operations (%T) cannot count", store)
	}
	return quota.Open(ctx, c.Quota, counter, c.Log)
}

// openEngines starts the engines of the program, or those of the machine.
func openEngines(ctx context.Context, c Config) (*engine.Engine, error) {
	config := engine.Config{Sources: c.Engines, Slots: c.Slots, Memory: c.ModelMemory, Names: c.Names, Log: c.Log}
	if c.Engines == nil {
		return installed.Open(ctx, c.places(), config)
	}
	return engine.Open(ctx, config)
}

// clipSources are the schemes of addresses that documents may name: those of
// the library, whose own directory is one only if there is any.
func clipSources(c clip.Config) func(scheme string) bool {
	return func(scheme string) bool {
		return scheme == "https" || scheme == "data" || scheme == "clips" && c.Directory != ""
	}
}
