package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
)

// answeringOperations is a database that answers with an error.
type answeringOperations struct{ err error }

func (a *answeringOperations) GetOperation(context.Context, *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	return nil, a.err
}

func TestReadinessTellsTheTruth(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*testing.T, *readiness)
		want  string // of the reason; empty means ready
	}{
		"all is well":       {func(*testing.T, *readiness) {}, ""},
		"a full disk":       {func(_ *testing.T, r *readiness) { r.free = func(string) (int64, error) { return 1 << 20, nil } }, "1 MiB left"},
		"data deleted":      {func(t *testing.T, r *readiness) { must(t, os.RemoveAll(r.data)) }, "gone"},
		"database deleted":  {func(t *testing.T, r *readiness) { must(t, os.Remove(filepath.Join(r.data, "operations.db"))) }, "gone"},
		"database replaced": {replaceDatabase, "replaced"},
		"database dead": {func(_ *testing.T, r *readiness) {
			r.operations = &answeringOperations{fault.From(errors.New("it is closed"))}
		}, "database"},
		"no lease": {func(_ *testing.T, r *readiness) {
			r.store = func(context.Context) error { return errors.New("this node has no lease") }
		}, "lease"},
		"no engine": {func(_ *testing.T, r *readiness) { r.engines = func() int { return 0 } }, "engine"},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			r := &readiness{
				data: t.TempDir(), operations: &answeringOperations{fault.New(fault.NotFound, "There is none.")},
				store:   func(context.Context) error { return nil },
				engines: func() int { return 1 }, now: func() time.Time { return now },
				free: func(string) (int64, error) { return 1 << 40, nil },
			}
			db := filepath.Join(r.data, "operations.db")
			must(t, os.WriteFile(db, nil, 0o600))
			must(t, r.remember(r.data, db))
			if err := r.check(t.Context()); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, r)
			if err := r.check(t.Context()); err != nil {
				t.Errorf("asked again within a second: %v", err)
			}
			now = now.Add(readyFor)
			err := r.check(t.Context())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if left, _ := filepath.Glob(filepath.Join(r.data, ".ready*")); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// replaceDatabase keeps the old file, so that the new one is not of its number.
func replaceDatabase(t *testing.T, r *readiness) {
	db := filepath.Join(r.data, "operations.db")
	must(t, os.Rename(db, db+".old"))
	must(t, os.WriteFile(db, nil, 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
