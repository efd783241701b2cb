// Package postgres keeps operations in a PostgreSQL database, for any number of
// nodes. It is an operation store ([driver.Store]).
//
// # Nodes
//
// A node has a row with a lease, of [LeaseTime] on the database's clock, which it
// renews four times as often. By its own clock it counts from the moment at which
// it began to renew: so it stops trusting its lease before anybody else does, ends
// all work, writes nothing more, and joins again under another id. Any node makes
// ready again what nodes without a lease had claimed, and finds it by the claimed
// tasks, not by the nodes: a claim that was written after its node was given up is
// found too. What a paused node writes late is fenced by its task's epoch.
//
// # Notices
//
// Each node listens on one connection of its own. What the others should know (an
// operation has ended or was hidden, there is work) is said after the transaction
// that brought it about, many at a time: PostgreSQL lets only one transaction with
// a notice commit at a time, and these have nothing to write to the disk. A notice
// that is lost costs time only: everything is looked for anyway, each 750 ms.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lectern/lectern/lro/driver"
)

// LeaseTime is how long a node is not taken for dead after it has been heard of.
const LeaseTime = 3 * time.Second

// callTime bounds each call of the database: longer than any of them takes, and
// short enough that a connection that is cut without a word is found out.
const callTime = 10 * time.Second

// Store is an operation store in one database.
type Store struct {
	pool    *pgxpool.Pool
	log     *slog.Logger
	clock   func() time.Time // nil for the database's, which it is but in tests
	channel string           // of the notices

	node    atomic.Pointer[driver.Node] // this process, while it is one
	notices announcer
	crowd   crowd
}

var _ driver.Store = (*Store)(nil)

// Open opens the store in the database that url names, in PostgreSQL's form
// (postgres://user@host/database), and brings its schema up to date. Pool settings
// may be part of url (pool_max_conns). log receives what costs no operation; nil
// means slog.Default().
//
// It fails with a sentence for the operator if a newer version of the server has
// used the database.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	if _, _, err := Migrate(ctx, url); err != nil {
		return nil, err
	}
	return open(ctx, url, nil, log)
}

// Look opens the store as it is, for an operator's questions: a schema of another
// version is an error.
func Look(ctx context.Context, url string) (*Store, error) {
	if err := sameVersion(ctx, url); err != nil {
		return nil, err
	}
	return open(ctx, url, nil, slog.New(slog.DiscardHandler))
}

func open(ctx context.Context, url string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.Default()
	}
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	s := &Store{log: log, clock: clock}
	config.AfterConnect = s.rehearse
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	var schema string
	if err := s.pool.QueryRow(ctx, `SELECT current_schema()`).Scan(&schema); err != nil {
		s.pool.Close()
		return nil, fmt.Errorf("the operations' database: %w", err)
	}
	// Notices are the database's, so those of another schema are told apart.
	s.channel = "lectern " + schema
	s.notices = announcer{store: s}
	return s, nil
}

// parse reads a database's address. Errors of it do not repeat the password.
func parse(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the address of the operations' database: %w", err)
	}
	// A password with a slash in it ends the host's part too early, and what is behind
	// would be told as the name of a database or of a host.
	if strings.Contains(config.ConnConfig.Database, "@") {
		return nil, errors.New("the address of the operations' database has an @ in the name of the database: in a password / is written as %2F and @ as %40")
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = callTime
	}
	parameters := config.ConnConfig.RuntimeParams
	if parameters["application_name"] == "" {
		parameters["application_name"] = "lectern"
	}
	// Every query of a large table has its index. Plans are kept, since to make one
	// takes longer than to run it; and one made while a table was small would read all
	// of it, or all of an index, when it is large. To compile one takes a hundred times as long.
	for name, value := range map[string]string{"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_bitmapscan": "off", "jit": "off"} {
		if parameters[name] == "" {
			parameters[name] = value
		}
	}
	return config, nil
}

// Close closes the connections.
func (s *Store) Close() error {
	s.notices.wait()
	s.pool.Close()
	return nil
}

// at is the time of the clock that was given, or nil: then statements take the
// database's.
func (s *Store) at() *int64 {
	if s.clock == nil {
		return nil
	}
	micros := s.clock().UnixMicro()
	return &micros
}

// bounded is ctx with callTime.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, callTime)
}

// exec runs one statement and returns how many rows it changed.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	tag, err := s.pool.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

// change is a compare-and-set of one row.
func (s *Store) change(ctx context.Context, query string, args ...any) (won bool, err error) {
	n, err := s.exec(ctx, query, args...)
	return n == 1, err
}

// row reads one row into what; pgx.ErrNoRows if there is none.
func (s *Store) row(ctx context.Context, query string, args []any, what ...any) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return s.pool.QueryRow(ctx, query, args...).Scan(what...)
}

// errLost rolls a transaction back whose compare-and-set found nothing to
// change.
var errLost = errors.New("the compare-and-set lost")

// transact runs f in one transaction. won is false, without an error and without
// any effect, if f returned errLost.
func (s *Store) transact(ctx context.Context, f func(context.Context, pgx.Tx) error) (won bool, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return f(ctx, tx) })
	if errors.Is(err, errLost) {
		return false, nil
	}
	return err == nil, err
}

// lostIfNone says that a compare-and-set has lost which returned no row.
func lostIfNone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errLost
	}
	return err
}

// crowd is how many operations are under way, about: counting them at each start
// would take longer than the start.
type crowd struct {
	mu      sync.Mutex
	alive   int // when they were counted
	since   int // started here since then
	counted time.Time
}
