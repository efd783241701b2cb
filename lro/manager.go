package lro

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro/driver"
)

// ErrStopping is the cause (context.Cause) of the context of Run and Finish
// when the server stops: the shard is handed back and will be done by the next
// server that starts. After a cancel the cause is [ErrCancelled].
var ErrStopping = driver.ErrStopping

// ErrCancelled is the cause of the context of Run and Finish when the
// operation has ended: nobody has any use for the work.
var ErrCancelled = errors.New("the operation has ended")

// Config is what a [Manager] is made of.
type Config struct {
	// Store keeps the operations; the caller closes it after Run has returned.
	Store driver.Store
	// Kinds are the sorts of operation that can be started and worked on.
	// An operation of a kind that is no longer here fails when it is worked on.
	Kinds []Kind
	// Slots is how many shards are worked on at once; 0 means one per core.
	Slots int
	// Retention is how long an operation can be seen after its end; 0 means 30
	// days.
	Retention time.Duration
	// Owner tells whose call a context belongs to; nil means that everybody is
	// the owner "". Only its owner sees an operation.
	Owner func(ctx context.Context) string
	// Clock gives the times that clients see; nil means time.Now.
	Clock func() time.Time
	// Log receives what clients must not see; nil means slog.Default().
	Log *slog.Logger
}

// Manager starts operations, answers for them and works on them. It
// implements google.longrunning.Operations; its errors are *fault.Error, which
// the transport turns into status codes. All methods may be called by many
// goroutines at once.
type Manager struct {
	longrunningpb.UnimplementedOperationsServer

	store     driver.Store
	kinds     map[string]Kind
	retention time.Duration
	owner     func(ctx context.Context) string
	clock     func() time.Time
	log       *slog.Logger
	pages     pageTokens

	slots   chan struct{} // a semaphore: one element for each shard under way
	running registry
	watch   watchers

	runMu sync.Mutex // held while Run runs
}

var _ longrunningpb.OperationsServer = (*Manager)(nil)

const defaultRetention = 30 * 24 * time.Hour

// Open makes a Manager. Its methods answer at once; work is done only while
// [Manager.Run] runs. ctx is for the opening alone.
func Open(ctx context.Context, c Config) (*Manager, error) {
	if c.Store == nil {
		return nil, errors.New("lro: Config.Store is missing")
	}
	m := &Manager{
		store:     c.Store,
		kinds:     make(map[string]Kind, len(c.Kinds)),
		retention: c.Retention,
		owner:     c.Owner,
		clock:     c.Clock,
		log:       c.Log,
	}
	for _, k := range c.Kinds {
		if _, twice := m.kinds[k.Name()]; twice || k.Name() == "" {
			return nil, fmt.Errorf("lro: the kind name %q is empty or given twice", k.Name())
		}
		m.kinds[k.Name()] = k
	}
	if c.Slots < 0 || c.Retention < 0 {
		return nil, errors.New("lro: Config.Slots and Config.Retention must not be negative")
	}
	if c.Slots == 0 {
		c.Slots = runtime.GOMAXPROCS(0)
	}
	m.slots = make(chan struct{}, c.Slots)
	if m.retention == 0 {
		m.retention = defaultRetention
	}
	if m.owner == nil {
		m.owner = func(context.Context) string { return "" }
	}
	if m.clock == nil {
		m.clock = time.Now
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	secret, err := m.store.Secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("lro: reading the store's secret: %w", err)
	}
	m.pages = pageTokens{secret: secret}
	return m, nil
}

// Run works on operations until ctx ends. First it rescues what an earlier
// process left unfinished. At the end it hands all shards under way back, so
// that the next Run does them, waits for them, and returns nil. It returns an
// error only if it could not begin. It may be called again after it returned.
func (m *Manager) Run(ctx context.Context) error {
	if !m.runMu.TryLock() {
		return errors.New("lro: Run is running already")
	}
	defer m.runMu.Unlock()
	workers := 2 * cap(m.slots) // so that a claimed shard waits for a slot, not a slot for a shard
	err := m.store.Start(context.WithoutCancel(ctx), driver.Dispatch{Handler: m.handle, Workers: workers})
	if err != nil {
		return fmt.Errorf("lro: starting dispatch: %w", err)
	}
	m.upkeep(ctx)
	if err := m.store.Stop(context.WithoutCancel(ctx)); err != nil {
		m.log.Error("stopping dispatch", "error", err)
	}
	return nil
}

// now is the injected clock's time, as precise as stores keep it.
func (m *Manager) now() time.Time { return m.clock().UTC().Truncate(time.Microsecond) }

// window is how many shards of one operation are dispatched at a time: enough
// that no slot waits, few enough that big operations take turns.
func (m *Manager) window() int { return 4 * cap(m.slots) }
