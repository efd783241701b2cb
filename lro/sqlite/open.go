// Package sqlite keeps operations in one SQLite file, for one process. It is
// an operation store ([driver.Store]) that needs no server: a directory is
// enough.
//
// There is one connection that writes, shared by everything, and a few that
// read. A write waits its turn in line, in this process, rather than in
// SQLite's busy handler, which sleeps; those that wait together are written
// together. Every transaction is short, and on disk when a call returns (WAL with
// synchronous=FULL).
//
// A lock on the directory keeps a second process out. So whatever an earlier
// process left as running is known to be dead, and is rescued at the start
// without waiting for a lease to run out.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"github.com/lectern/lectern/lro/driver"
)

// ErrInUse is returned by Open for a directory that another process uses.
var ErrInUse = errors.New("the data directory is in use by another server")

const fileName = "operations.db"

// Store is an operation store in one directory.
type Store struct {
	write *pool // one connection
	line  line  // of those that want it
	read  *pool
	lock  *os.File
	log   *slog.Logger
	clock func() time.Time // whose times clients see
	now   func() time.Time // the machine's clock, for what only this machine compares
	node  atomic.Pointer[driver.Node]

	held holds

	alive   int  // operations under way, or more; see admit
	counted bool // once

	endPulse   func()
	background sync.WaitGroup // the pulse
}

var _ driver.Store = (*Store)(nil)

// Open opens or creates the store in the directory dir, which must exist, and
// brings its schema up to date. log receives what costs no operation; nil means
// slog.Default().
//
// It fails with [ErrInUse] if another process, or this one, has the directory
// open, and with a sentence for the operator if a newer version of the server
// has used it.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Store, error) {
	return open(ctx, dir, "FULL", time.Now, log)
}

// OpenTemporary is Open for operations that need not survive the machine's crash: it
// does not wait for the disk. clock is whose times clients see; nil means time.Now.
func OpenTemporary(ctx context.Context, dir string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	if clock == nil {
		clock = time.Now
	}
	return open(ctx, dir, "OFF", clock, log)
}

func open(ctx context.Context, dir, synchronous string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.Default()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock, log: log, clock: clock, now: time.Now, endPulse: func() {}, line: line{turn: make(chan struct{}, 1)}}
	if err := s.openFile(ctx, filepath.Join(dir, fileName), synchronous); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openFile(ctx context.Context, file, synchronous string) (err error) {
	if err := private(file, synchronous != "OFF"); err != nil {
		return err
	}
	// A file that is new can be made shrinkable before there is anything in it.
	if s.write, err = openPool(file, 1, fmt.Sprintf("_txlock=immediate&_pragma=synchronous(%s)&_pragma=auto_vacuum(%d)", synchronous, incremental)); err != nil {
		return err
	}
	if err := s.makeShrinkable(ctx, s.write.DB); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := migrate(ctx, s.write.DB); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := s.write.prepare(ctx, writes); err != nil {
		return err
	}
	if s.read, err = openPool(file, max(4, runtime.GOMAXPROCS(0)), "_pragma=query_only(1)"); err != nil {
		return err
	}
	return s.read.prepare(ctx, reads)
}

// private creates the file before SQLite would, for its owner only: requests are
// texts that nobody else should read. durable waits until its name is on disk.
func private(file string, durable bool) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil || !durable {
		return err
	}
	return syncDirectory(filepath.Dir(file))
}

// syncDirectory makes the name of a file that was made durable.
func syncDirectory(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("syncing the data directory: %w", err)
	}
	return nil
}

// Close closes the database and gives the directory free.
func (s *Store) Close() error {
	s.endPulse()
	s.background.Wait()
	err := errors.Join(s.read.Close(), s.write.Close())
	if s.lock != nil { // else it was opened to look
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

// pool is some connections with the statements that are used on them.
type pool struct {
	*sql.DB
	statements map[string]*sql.Stmt
}

func openPool(file string, connections int, options string) (*pool, error) {
	file, err := filepath.Abs(file) // what a relative one begins with would be a URL's host
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: file, RawQuery: options +
		"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &pool{DB: db, statements: make(map[string]*sql.Stmt)}, nil
}

// prepare compiles queries once; they are used by their text.
func (p *pool) prepare(ctx context.Context, queries []string) error {
	for _, q := range queries {
		stmt, err := p.PrepareContext(ctx, q)
		if err != nil {
			return fmt.Errorf("preparing %q: %w", q, err)
		}
		p.statements[q] = stmt
	}
	return nil
}

// Close tolerates a pool that was never opened.
func (p *pool) Close() error {
	if p == nil {
		return nil
	}
	return p.DB.Close()
}
