package sqlite_test

import (
	"strings"
	"testing"

	"github.com/lectern/lectern/lro/sqlite"
)

// TestListsByParent: what a list of one parent and the search for parents read of the
// operations, they find by the parent.
func TestListsByParent(t *testing.T) {
	s, err := sqlite.Open(t.Context(), place(t), silent())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plans, err := s.PlansOfLists(t.Context())
	if err != nil || len(plans) != 4 {
		t.Fatalf("%d plans (%v)", len(plans), err)
	}
	for _, plan := range plans {
		reached := false
		for step := range strings.SplitSeq(plan, "\n") {
			if !strings.Contains(step, "operations") && !strings.Contains(step, " o ") {
				continue
			}
			reached = true
			if !strings.Contains(step, "operations_by_parent (owner=? AND parent") {
				t.Errorf("%s in the plan\n%s", step, plan)
			}
		}
		if !reached {
			t.Errorf("no operation is read in the plan\n%s", plan)
		}
	}
}
