package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	_ "modernc.org/sqlite" // database/sql has no other way to learn of a driver
)

// audit asks the last server for every operation, one by one and as a list,
// and checks each outcome against the object that is or is not there.
func (r *ordealReport) audit(ctx context.Context, s *server, l *ledger) {
	for _, e := range l.entries {
		r.accepted++
		if op := r.ask(ctx, s, l, e); op != nil {
			r.auditOutcome(s, e, op)
		}
	}
	r.auditList(ctx, s, l)
	for _, b := range l.breaches {
		r.complain("%s", b)
	}
}

// ask asks a server for an operation, and is nil if it is lost. Of one that may have
// been deleted it is what was known.
func (r *ordealReport) ask(ctx context.Context, s *server, l *ledger, e *entry) *longrunningpb.Operation {
	before := l.before(e)
	op, err := r.history.look(e.name, func() (*longrunningpb.Operation, error) { return s.get(ctx, e.name) })
	if status.Code(err) == codes.NotFound && l.mayBeGone(e) {
		return before.outcome
	}
	if err != nil {
		r.complain("%s was accepted and is lost to %s: %v", e.name, s.address, err)
		return nil
	}
	l.saw(e, before, op)
	return op
}

// auditHistory looks for an order of the calls about each operation.
func (r *ordealReport) auditHistory() {
	complaints, calls := r.history.unexplained()
	r.calls = calls
	for _, c := range complaints {
		r.complain("%s", c)
	}
}

func (r *ordealReport) auditOutcome(s *server, e *entry, op *longrunningpb.Operation) {
	file := s.object(e.uri)
	size, sum, err := checkWAV(file)
	there := !errors.Is(err, fs.ErrNotExist)
	switch {
	case !op.Done:
		r.complain("%s never ended", e.name)
	case op.GetResponse() != nil:
		r.succeeded++
		switch {
		case err != nil:
			r.complain("%s (%s) succeeded with a bad object: %v", e.name, e.text.name, err)
		case size != e.text.size:
			r.complain("%s (%s) has %d bytes instead of %d", e.name, e.text.name, size, e.text.size)
		case sum != e.text.sum:
			r.complain("%s (%s) has the right length and another sound", e.name, e.text.name)
		}
	case wasCancelled(op):
		r.cancelled++
		if !e.cancelSent {
			r.complain("%s was cancelled by nobody", e.name)
		}
	default:
		r.auditFailure(e, op)
	}
	if op.GetResponse() == nil && there {
		r.complain("%s (%s) did not succeed and has an object", e.name, e.text.name)
	}
}

// auditFailure allows one reason to fail: the server died so often while it
// worked on the same part that the part was taken for the cause.
func (r *ordealReport) auditFailure(e *entry, op *longrunningpb.Operation) {
	message := op.GetError().GetMessage()
	if strings.Contains(message, "server died") {
		r.crashed++
		return
	}
	r.complain("%s (%s) failed: %s", e.name, e.text.name, message)
}

// auditList compares the pages of ListOperations with what was accepted.
func (r *ordealReport) auditList(ctx context.Context, s *server, l *ledger) {
	listed := map[string]bool{}
	for token, pages := "", 0; pages < 1000; pages++ {
		page, err := s.operations.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parent, PageSize: 100, PageToken: token})
		if err != nil {
			r.complain("listing: %v", err)
			return
		}
		for _, op := range page.Operations {
			if listed[op.Name] {
				r.complain("%s is listed twice", op.Name)
			}
			listed[op.Name] = true
		}
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	extra := -r.texts
	for name := range listed {
		if l.byName[name] == nil {
			extra++
		}
	}
	for _, e := range l.entries {
		if !listed[e.name] && !l.mayBeGone(e) {
			r.complain("%s is not listed", e.name)
		}
	}
	if extra > 0 {
		r.complain("%d operations are listed that nobody started", extra)
	}
}

// auditObjects checks what stopped servers left of objects.
func (r *ordealReport) auditObjects(data string, l *ledger) {
	ours := map[string]bool{}
	for _, e := range l.entries {
		ours[filepath.FromSlash(strings.TrimPrefix(e.uri, "gs://proof/"))] = true
	}
	root := filepath.Join(data, "buckets", "proof")
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if name, err := filepath.Rel(root, path); err != nil || !ours[name] {
			r.complain("the object %s belongs to no operation", name)
		}
		return nil
	})
}

// auditDatabase has SQLite check its file.
func (r *ordealReport) auditDatabase(data string) {
	databases, checked := 0, ""
	for _, pattern := range []string{"*.db", "*.sqlite", "*.sqlite3"} {
		files, _ := filepath.Glob(filepath.Join(data, pattern))
		for _, file := range files {
			databases++
			if err := integrityCheck(file); err != nil {
				checked = err.Error()
				r.complain("%s: %v", filepath.Base(file), err)
			}
		}
	}
	switch {
	case databases == 0:
		r.complain("there is no database in the data directory")
	case checked == "":
		r.integrity = "ok"
	default:
		r.integrity = checked
	}
}

// integrityCheck runs SQLite's own check on a database file.
func integrityCheck(file string) error {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return fmt.Errorf("integrity_check: %s", answer)
	}
	return nil
}
