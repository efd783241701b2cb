package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"testing"
)

// TestWritesShareTransaction: what waits together is written together, and each is undone
// alone: by losing, by an error, and by the end of its context.
func TestWritesShareTransaction(t *testing.T) {
	s, err := OpenTemporary(t.Context(), t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	broken := errors.New("broken")
	transactions := map[*sql.Tx]bool{}
	note := func(what string, then error) func(tx) error {
		return func(x tx) error {
			transactions[x.Tx] = true
			if _, err := x.exec(insertNote, what); err != nil {
				return err
			}
			return then
		}
	}
	s.write.statements[insertNote], err = s.write.Prepare(insertNote)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	s.line.turn <- struct{}{} // somebody writes
	waits := func(n int) {
		for range 1_000_000_000 {
			s.line.mu.Lock()
			waiting := len(s.line.waiting)
			s.line.mu.Unlock()
			if waiting == n {
				return
			}
			runtime.Gosched()
		}
		t.Fatalf("%d writes do not wait", n)
	}
	gone, leave := context.WithCancel(context.Background())
	for i, then := range []error{nil, errLost, nil, broken, nil} {
		all.Go(func() {
			won, err := s.transact(context.Background(), note(fmt.Sprint("note ", i), then))
			if won != (then == nil) || then == broken != (err == broken) {
				t.Errorf("write %d: %t, %v", i, won, err)
			}
		})
		waits(i + 1)
	}
	all.Go(func() {
		if _, err := s.transact(gone, note("gone", nil)); !errors.Is(err, context.Canceled) {
			t.Errorf("who has gone is told %v", err)
		}
	})
	waits(6)
	leave()
	waits(5)
	<-s.line.turn
	all.Wait()
	if len(transactions) != 1 {
		t.Errorf("there were %d transactions", len(transactions))
	}
	var notes int
	if err := s.read.QueryRow(`SELECT count(*) FROM settings WHERE name LIKE 'note %'`).Scan(&notes); err != nil || notes != 3 {
		t.Errorf("%d of them were written (%v)", notes, err)
	}
}

// TestWritesFailTogether: when the transaction is not written, nobody hears that they have
// won, nor that they have lost against who has not.
func TestWritesFailTogether(t *testing.T) {
	s, err := OpenTemporary(t.Context(), t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	group := []*write{}
	for _, do := range []func(tx) error{
		func(tx) error { return nil },
		func(tx) error { return errLost },
		func(x tx) error { return x.Rollback() }, // as SQLite does when the disk is full
	} {
		group = append(group, &write{ctx: context.Background(), do: do, done: make(chan struct{})})
	}
	s.writeAll(group)
	for i, w := range group {
		if w.err == nil || errors.Is(w.err, errLost) {
			t.Errorf("write %d is told %v", i, w.err)
		}
	}
}

const insertNote = `INSERT INTO settings (name, value) VALUES (?, x'00')`
