package lro

import (
	"cmp"
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
// when the server stops: the shard is handed back and will be done by another
// node, or the next one that starts. After a cancel the cause is [ErrCancelled].
var ErrStopping = driver.ErrStopping

// ErrLost is the cause of the context of Run and Finish when this node may have
// been taken for dead: another one may do the shard, and nothing of it is kept
// here.
var ErrLost = driver.ErrLost

// ErrCancelled is the cause of the context of Run and Finish when the
// operation has ended: nobody has any use for the work.
var ErrCancelled = errors.New("the operation has ended")

// Config is what a [Manager] is made of.
type Config struct {
	// Store keeps the operations; the caller closes it after Run has returned.
	Store driver.Store
	// Kinds are the sorts of operation that can be started and worked on.
	Kinds []Kind
	// Abilities are what else this node is able to do (NewOperation.Needs), which
	// may change. It is called often; nil means nothing.
	Abilities func() []string
	// Abandoned is how long no node must have been able to do an operation until
	// it fails; 0 means an hour.
	Abandoned time.Duration
	// Node and Version name this process for operators; empty means the host's
	// name.
	Node, Version string
	// Idle says that this process starts operations and answers for them, but
	// works on none.
	Idle bool
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
	// Sees tells which of its owner's operations a caller may know of; nil means
	// all. To everybody else an operation is as one that does not exist, in every
	// answer and in what it costs to find it.
	Sees func(ctx context.Context) Sight
	// Notify, if not nil, says who is told that an operation has ended, by what Start was
	// given; nil means nobody.
	Notify func(w Work) Tell
	// Log receives what clients must not see; nil means slog.Default().
	Log *slog.Logger
}

// Tell is told that an operation has ended, with the time of its end: at least once, on
// some node, after the kind's Discard. The wish to tell it is kept by the transaction of
// the end. After an error it is told again, later and later, about a day long; then it is
// given up.
type Tell func(ctx context.Context, op *longrunningpb.Operation, ended time.Time) error

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
	sees      func(ctx context.Context) Sight
	notify    func(w Work) Tell
	kindNeeds []string        // that this node is able to do the kinds
	able      func() []string // what else
	abandoned time.Duration
	node      string
	version   string
	idle      bool
	log       *slog.Logger
	pages     pageTokens

	slots      int
	most       int
	patience   time.Duration
	turns      *turns
	running    registry
	courses    courses
	watch      watchers
	remembered remembered
	bell       chan struct{} // rung when there may be a task, or a place for one
	again      chan struct{} // asks for the states of operations that matter here

	runMu sync.Mutex // held while Run runs

	stopMu   sync.Mutex
	stopping chan struct{} // closed when Run has been told to end
}

var _ longrunningpb.OperationsServer = (*Manager)(nil)

const (
	defaultRetention = 30 * 24 * time.Hour
	defaultMost      = 10_000
	defaultPatience  = 10 * time.Minute
	defaultAbandoned = time.Hour
)

// Open makes a Manager. It accepts operations and answers for them from now on;
// work is done only while [Manager.Run] runs. ctx is for the opening alone.
func Open(ctx context.Context, c Config) (*Manager, error) {
	if c.Store == nil {
		return nil, errors.New("lro: Config.Store is missing")
	}
	m := &Manager{
		store:     c.Store,
		kinds:     make(map[string]Kind, len(c.Kinds)),
		retention: c.Retention,
		owner:     c.Owner,
		sees:      c.Sees,
		notify:    c.Notify,
		able:      c.Abilities,
		abandoned: c.Abandoned,
		node:      cmp.Or(c.Node, hostName()),
		version:   c.Version,
		idle:      c.Idle,
		log:       c.Log,
		most:      c.Most,
		patience:  c.Patience,
		bell:      make(chan struct{}, 1),
		again:     make(chan struct{}, 1),
		stopping:  make(chan struct{}),
	}
	for _, k := range c.Kinds {
		if _, twice := m.kinds[k.Name()]; twice || k.Name() == "" {
			return nil, fmt.Errorf("lro: the kind name %q is empty or given twice", k.Name())
		}
		m.kinds[k.Name()] = k
		m.kindNeeds = append(m.kindNeeds, kindNeed(k.Name()))
	}
	if c.Slots < 0 || c.Retention < 0 || c.Most < 0 || c.Patience < 0 || c.Abandoned < 0 {
		return nil, errors.New("lro: Config.Slots, Retention, Most, Patience and Abandoned must not be negative")
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
	if m.sees == nil {
		m.sees = func(context.Context) Sight { return Sight{All: true} }
	}
	if m.notify == nil {
		m.notify = func(Work) Tell { return nil }
	}
	if m.able == nil {
		m.able = func() []string { return nil }
	}
	if m.abandoned == 0 {
		m.abandoned = defaultAbandoned
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

// Run works on operations until ctx ends. First it rescues what processes that are
// gone left unfinished, and removes what nobody knows any more. At the end it
// answers who waits, hands all shards under way back, so that another node or the
// next Run does them, waits for them, and returns nil. While the store
// cannot be reached it tries again; it returns an error only if it could not begin for a
// reason that stays. It may be called again after it returned.
func (m *Manager) Run(ctx context.Context) error {
	if !m.runMu.TryLock() {
		return errors.New("lro: Run is running already")
	}
	defer m.runMu.Unlock()
	defer context.AfterFunc(ctx, m.tellStop())()

	m.adopt(ctx)
	s, err := m.join(ctx)
	if err != nil && ctx.Err() == nil && m.store.Transient(err) {
		// Calls are answered already, and a database that is away for a moment should
		// not end them.
		s, err = m.joinAgain(ctx), nil
	}
	switch {
	case s == nil && err == nil:
		return nil // it ended first
	case err != nil && ctx.Err() != nil:
		return nil
	case err != nil:
		return fmt.Errorf("lro: becoming a node of the store: %w", err)
	}
	var all sync.WaitGroup
	all.Go(func() { m.upkeep(ctx) })
	m.serve(ctx, s)
	all.Wait()
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

// window is how many shards of one operation are dispatched at a time: enough
// that no slot waits, few enough that big operations take turns.
func (m *Manager) window() int { return 2 * m.slots }

// Load is how much is under way, on all nodes.
type Load = driver.Load

// Load counts what is under way, by the store.
func (m *Manager) Load(ctx context.Context) (Load, error) { return m.store.Load(ctx) }
