package sqlite_test

import (
	"context"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
)

// version2 are operations as version 2 of the schema kept them: one half done, of
// which a shard was claimed when the server died and one waits outside of the window;
// one whose Finish was due; one that has ended and was not discarded yet.
const version2 = `
	INSERT INTO operations (id, parent, kind, owner, state, create_time, update_time, end_time, expire_time, error_code, shards, shards_done, work_total, work_done)
	VALUES ('half', 'projects/p/locations/l', 'toy', '', 'RUNNING', 1, 1, NULL, NULL, NULL, 3, 1, 3, 1),
		('late', 'projects/p/locations/l', 'toy', '', 'RUNNING', 1, 1, NULL, NULL, NULL, 1, 1, 1, 1),
		('over', 'projects/p/locations/l', 'toy', '', 'CANCELLED', 1, 1, 2, 9000000000000000, 1, 1, 0, 1, 0);
	INSERT INTO op_inputs (op, request) VALUES ('half', CAST('at:here' AS BLOB)), ('late', x''), ('over', x'');
	INSERT INTO op_payloads (op, idx, payload) VALUES ('half', 0, CAST('say a' AS BLOB)), ('half', 1, CAST('say b' AS BLOB)), ('half', 2, CAST('hold c' AS BLOB)), ('late', 0, CAST('say z' AS BLOB)), ('over', 0, CAST('say y' AS BLOB));
	INSERT INTO op_tasks (op, idx, role, state, job, attempt, weight, result, claim_time) VALUES
		('half', 0, 'shard', 'DONE', 1, 1, 1, CAST('a' AS BLOB), 1), ('half', 1, 'shard', 'RUNNING', 2, 3, 1, NULL, 1), ('half', 2, 'shard', 'PENDING', NULL, 0, 1, NULL, 0),
		('late', 0, 'shard', 'DONE', 4, 1, 1, CAST('z' AS BLOB), 1), ('late', 1, 'finish', 'PENDING', 5, 0, 0, NULL, 0),
		('over', 0, 'shard', 'PENDING', 6, 0, 1, NULL, 0), ('over', -1, 'discard', 'PENDING', -1, 0, 0, NULL, 0);
	CREATE TABLE river_job (id INTEGER PRIMARY KEY);`

// TestUpgrade: what an earlier version has begun goes on.
func TestUpgrade(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	if err := sqlite.MakeVersion(ctx, dir, 2, version2); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(ctx, dir, silent())
	if err != nil {
		t.Fatal(err)
	}
	toy := lrotest.NewToy()
	m, err := lro.Open(ctx, lro.Config{Store: store, Kinds: []lro.Kind{toy}, Log: silent()})
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- m.Run(running) }()
	// It has the name that its request tells.
	step := toy.Next(t)
	other := lro.NewOperation{Kind: "toy", Parent: "projects/p/locations/l", Request: []byte("at:here"), Tasks: []lro.Task{{Payload: []byte("say x"), Weight: 1}}}
	if _, err := m.Start(ctx, other); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("another operation of its name: %v", err)
	}
	step.Continue()
	for id, words := range map[string]string{"half": "a b c", "late": "z"} {
		op, err := m.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: "operations/" + id})
		if said, _ := toy.Outcome(map[string]string{"half": "here", "late": "late"}[id]); err != nil || op.GetResponse() == nil || said != words {
			t.Errorf("%s ended as %v (%v) and shows %q", id, op, err, said)
		}
		toy.AwaitDiscard(t, id)
	}
	toy.AwaitDiscard(t, "over")
	if got, err := m.Label(ctx, "operations/over"); err != nil || got != (lro.Labelled{Name: "projects/p/locations/l/operations/over"}) {
		t.Errorf("%v, %v", got, err)
	}
	if n := toy.Attempts("half", "say a") + toy.Attempts("over", "say y"); n != 0 {
		t.Errorf("what was done or is over ran %d times", n)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
