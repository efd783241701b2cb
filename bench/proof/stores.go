package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
)

// storeKind is one of the two stores, for measurements inside this process.
type storeKind struct {
	name string
	// open opens the store, and the same database beside it, so that it can be filled
	// with what would take a day to come about.
	open func(ctx context.Context, l *lab) (*storeAtWork, error)
}

var storeKinds = []storeKind{{"SQLite", openSQLite}, {"PostgreSQL", openPostgres}}

// storeAtWork is an open store with a manager of operations that only wait.
type storeAtWork struct {
	driver.Store
	kind    storeKind
	db      *sql.DB
	numbers string // a query of the numbers i from 1 to %d
	clear   func()
	asleep  waits
}

func openSQLite(ctx context.Context, l *lab) (*storeAtWork, error) {
	dir, err := l.folder("store")
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, dir, silent())
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("the databases of %s are %q: %w", dir, files, err)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?_pragma=busy_timeout(60000)")
	return &storeAtWork{
		Store: store, db: db, clear: func() { os.RemoveAll(dir) },
		numbers: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n",
	}, err
}

func openPostgres(ctx context.Context, l *lab) (*storeAtWork, error) {
	cluster, err := l.postgres()
	if err != nil {
		return nil, err
	}
	name, err := l.newDatabase(ctx, cluster)
	if err != nil {
		return nil, err
	}
	store, err := postgres.Open(ctx, cluster.URL(name), silent())
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("pgx", cluster.URL(name))
	return &storeAtWork{Store: store, db: db, clear: func() {}, numbers: "SELECT i FROM generate_series(1, %d) AS n(i)"}, err
}

func (s *storeAtWork) discard() {
	s.db.Close()
	s.Close()
	s.clear()
}

// manager is one over the store that is not yet running.
func (s *storeAtWork) manager(ctx context.Context, slots int) (*lro.Manager, error) {
	return lro.Open(ctx, lro.Config{Store: s.Store, Kinds: []lro.Kind{&s.asleep}, Slots: slots, Most: 1 << 30, Log: silent()})
}

// fill adds so many operations of [parent] that have succeeded, newer than so many that
// are there; they expire at the given time. Their ids are those of filled.
func (s *storeAtWork) fill(ctx context.Context, there, n int, expire time.Time) error {
	ended := time.Now().Add(-time.Hour).UnixMicro() + int64(there)
	id := fmt.Sprintf("'f' || substr('0000000' || (i + %d), -7)", there)
	if s.kind.name == "PostgreSQL" {
		id = fmt.Sprintf("'f' || lpad((i + %d)::text, 7, '0')", there)
	}
	columns, values := "id, parent, kind, owner, state, create_time, update_time, end_time, expire_time, shards, shards_done, work_total, work_done",
		fmt.Sprintf("%s, '%s', '%s', '', 'SUCCEEDED', %d + i, %d + i, %d + i, %d, 1, 1, 1, 1", id, parent, s.asleep.Name(), ended, ended, ended, expire.UnixMicro())
	if s.kind.name == "PostgreSQL" {
		columns, values = columns+", needs", values+", '{}'"
	}
	_, err := s.db.ExecContext(ctx, fmt.Sprintf("INSERT INTO operations (%s) SELECT %s FROM (%s) AS filled", columns, values, fmt.Sprintf(s.numbers, n)))
	if err == nil {
		_, err = s.db.ExecContext(ctx, "ANALYZE")
	}
	return err
}

// filled is the name of one of those.
func filled(i int) string { return fmt.Sprintf("%s/operations/f%07d", parent, i+1) }

// waits is a kind of operation whose shards wait for as long as their payloads say.
type waits struct {
	began func(operation string) // told when a shard begins; may be nil
}

func (w *waits) Name() string { return "waits" }

func (w *waits) Run(ctx context.Context, s lro.Shard) ([]byte, error) {
	if w.began != nil {
		w.began(s.ID)
	}
	d, err := time.ParseDuration(string(s.Payload))
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(d):
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (w *waits) Finish(context.Context, lro.Finishing) (lro.Commit, error) { return waited{}, nil }

func (w *waits) Committed(context.Context, lro.Work, []byte) (proto.Message, bool, error) {
	return nil, false, nil
}

func (w *waits) Discard(context.Context, lro.Work) error { return nil }

func (w *waits) Metadata(lro.Status) proto.Message { return nil }

type waited struct{}

func (waited) Receipt() []byte                               { return nil }
func (waited) Commit(context.Context) (proto.Message, error) { return &emptypb.Empty{}, nil }
func (waited) Discard(context.Context) error                 { return nil }

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// operationID is the id in an operation's name.
func operationID(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
