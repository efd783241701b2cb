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
	// Slots is how many shards are worked on at once; 0 means one per core. An
	// operation of one shard may be worked on beside them.
	Slots int
	// Most is how many operations may be under way, queued ones included; 0
	// means 10,000. Further ones are refused.
	Most int
	// Patience is how long a shard may work without a sign of life (Shard.Beat)
	// once its turn has come; 0 means 10 minutes.
	Patience time.Duration
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

	slots    int
	most     int
	patience time.Duration
	turns    *turns
	running  registry
	watch    watchers

	runMu sync.Mutex // held while Run runs

	stopMu   sync.Mutex
	stopping chan struct{} // closed when Run has been told to end
}

var _ longrunningpb.OperationsServer = (*Manager)(nil)

const (
	defaultRetention = 30 * 24 * time.Hour
	defaultMost      = 10_000
	defaultPatience  = 10 * time.Minute
)

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
		most:      c.Most,
		patience:  c.Patience,
		stopping:  make(chan struct{}),
	}
	for _, k := range c.Kinds {
		if _, twice := m.kinds[k.Name()]; twice || k.Name() == "" {
			return nil, fmt.Errorf("lro: the kind name %q is empty or given twice", k.Name())
		}
		m.kinds[k.Name()] = k
	}
	if c.Slots < 0 || c.Retention < 0 || c.Most < 0 || c.Patience < 0 {
		return nil, errors.New("lro: Config.Slots, Retention, Most and Patience must not be negative")
	}
	if c.Slots == 0 {
		c.Slots = runtime.GOMAXPROCS(0)
	}
	m.slots, m.turns = c.Slots, newTurns(c.Slots)
	if m.most == 0 {
		m.most = defaultMost
	}
	if m.patience == 0 {
		m.patience = defaultPatience
	}
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
// process left unfinished, and removes what nobody knows any more. At the end it
// answers who waits, hands all shards under way back, so that the next Run does
// them, waits for them, and returns nil. It returns an error only if it could
// not begin. It may be called again after it returned.
func (m *Manager) Run(ctx context.Context) error {
	if !m.runMu.TryLock() {
		return errors.New("lro: Run is running already")
	}
	defer m.runMu.Unlock()
	defer context.AfterFunc(ctx, m.tellStop())()

	m.adopt(ctx)
	err := m.store.Start(context.WithoutCancel(ctx), driver.Dispatch{Handler: m.handle, Workers: ahead * m.slots})
	if err != nil {
		// It may run all the same.
		return errors.Join(fmt.Errorf("lro: starting dispatch: %w", err), m.store.Stop(context.WithoutCancel(ctx)))
	}
	m.upkeep(ctx)
	if err := m.store.Stop(context.WithoutCancel(ctx)); err != nil {
		m.log.Error("stopping dispatch", "error", err)
	}
	return nil
}

// tellStop returns the function that answers all who wait, until it is asked for
// again.
func (m *Manager) tellStop() func() {
	m.stopMu.Lock()
	defer m.stopMu.Unlock()
	select {
	case <-m.stopping:
		m.stopping = make(chan struct{})
	default:
	}
	stopping := m.stopping
	return func() { close(stopping) }
}

func (m *Manager) stops() <-chan struct{} {
	m.stopMu.Lock()
	defer m.stopMu.Unlock()
	return m.stopping
}

// now is the injected clock's time, as precise as stores keep it.
func (m *Manager) now() time.Time { return m.clock().UTC().Truncate(time.Microsecond) }

// window is how many shards of one operation are dispatched at a time: enough
// that no slot waits, few enough that big operations take turns.
func (m *Manager) window() int { return 2 * m.slots }

// ahead is how many tasks for each slot are handed out and wait for their turn:
// of how many operations there is a choice.
const ahead = 8
