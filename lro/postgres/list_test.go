package postgres_test

import (
	"strings"
	"testing"

	"github.com/lectern/lectern/lro/postgres"
)

// TestListsByParent: what a list of one parent and the search for parents read of the
// operations, they find by the parent, also in a table that has had one parent only.
func TestListsByParent(t *testing.T) {
	url := database(t)
	s, err := postgres.Open(t.Context(), url, silent())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	execute(t, url, `INSERT INTO operations (id, parent, kind, owner, state, create_time, update_time, end_time, shards, work_total, needs)
		SELECT n, 'projects/a/locations/l', 'k', '', 'SUCCEEDED', n, n, n, 1, 1, '{}' FROM generate_series(1, 20000) n`)
	execute(t, url, `ANALYZE operations`)
	plans, err := s.PlansOfLists(t.Context())
	if err != nil || len(plans) != 4 {
		t.Fatalf("%d plans (%v)", len(plans), err)
	}
	for _, plan := range plans {
		found := false
		for step := range strings.SplitSeq(plan, "->") {
			if !strings.Contains(step, " on operations") {
				continue
			}
			found = true
			_, condition, _ := strings.Cut(step, "Index Cond: ")
			condition, _, _ = strings.Cut(condition, "\n")
			if !strings.Contains(condition, "(parent ") {
				t.Errorf("not found by the parent:%s in the plan\n%s", step, plan)
			}
		}
		if !found {
			t.Errorf("no operation is read in the plan\n%s", plan)
		}
	}
}
