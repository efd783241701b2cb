package postgres_test

import (
	"context"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

// version1 are operations as version 1 of the schema kept them: one whose shard was
// ready, and one that had ended.
const version1 = `
	INSERT INTO operations (id, parent, kind, owner, state, create_time, update_time, end_time, expire_time, error_code, error_msg, shards, work_total, needs)
	VALUES ('begun', 'projects/p/locations/l', 'toy', '', 'RUNNING', 1, 1, NULL, NULL, NULL, NULL, 1, 1, '{kind:toy}'),
		('over', 'projects/p/locations/l', 'toy', '', 'FAILED', 1, 1, 2, 9000000000000000, 3, 'It failed.', 1, 1, '{kind:toy}');
	INSERT INTO op_inputs (op, request) VALUES ('begun', '');
	INSERT INTO op_payloads (op, idx, payload) VALUES ('begun', 0, 'say a');
	INSERT INTO op_tasks (op, idx, role, state, lane, due, shards, party, needs, weight) VALUES ('begun', 0, 'shard', 'READY', 3, 1, 1, '', '{kind:toy}', 1)`

// TestUpgrade: what an earlier version has begun goes on, and what has ended looks as
// it did.
func TestUpgrade(t *testing.T) {
	ctx, url := context.Background(), database(t)
	if err := postgres.MakeVersion(ctx, url, 1); err != nil {
		t.Fatal(err)
	}
	execute(t, url, version1)
	toy := lrotest.NewToy()
	n, _ := node(t, url, toy)
	if op := await(t, n, "operations/begun"); op.GetResponse() == nil {
		t.Errorf("it ended as %v", op)
	}
	if said, _ := toy.Outcome("begun"); said != "a" {
		t.Errorf("it shows %q", said)
	}
	over, err := n.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: "operations/over"})
	if err != nil || over.GetError().GetMessage() != "It failed." {
		t.Errorf("%v, %v", over, err)
	}
	for _, id := range []string{"begun", "over"} {
		if got, err := n.Label(ctx, "operations/"+id); err != nil || got != (lro.Labelled{Name: "projects/p/locations/l/operations/" + id}) {
			t.Errorf("%v, %v", got, err)
		}
	}
}
