package queue

import (
	"testing"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

// TestOffer: what is urgent comes first, small or not, then what is due longest; and
// what begins need not begin yet.
func TestOffer(t *testing.T) {
	var all []Waiting
	for _, w := range []struct {
		op   string
		lane Lane
		due  int64
	}{{"later", Later, 1}, {"small", Small, 5}, {"sooner", Sooner, 4}, {"urgent", Urgent, 9}, {"small urgent", SmallUrgent, 8}, {"discard", Discards, 0}} {
		all = append(all, Waiting{Offer: driver.Offer{Token: driver.Token{Op: w.op}}, Lane: w.lane, Due: w.due})
	}
	o := Offer(all)
	var ops []string
	for _, task := range o.Tasks {
		ops = append(ops, task.Op)
	}
	for i, want := range []string{"small urgent", "urgent", "sooner", "small", "later"} {
		if ops[i] != want {
			t.Fatalf("the order is %q", ops)
		}
	}
	if len(o.Discards) != 1 || len(o.Tasks) != 5 {
		t.Errorf("offered are %d tasks and %d discards", len(o.Tasks), len(o.Discards))
	}
}

// TestAutopsy: who was alone is guilty, and who had been at work for a while.
func TestAutopsy(t *testing.T) {
	died := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	young, old := Orphan{Role: driver.Shard, Since: died.Add(-time.Second)}, Orphan{Role: driver.Shard, Since: died.Add(-driver.Suspicious)}
	discard := Orphan{Role: driver.Discard, Since: died}
	for name, tt := range map[string]struct {
		orphans []Orphan
		want    []Verdict
	}{
		"alone":            {[]Orphan{young}, []Verdict{{Crashes: 1}}},
		"beside a discard": {[]Orphan{young, discard}, []Verdict{{Crashes: 1}, {Crashes: 1}}},
		"together":         {[]Orphan{young, young}, []Verdict{{Suspicions: 1}, {Suspicions: 1}}},
		"one for a while":  {[]Orphan{young, old}, []Verdict{{Suspicions: 1}, {Crashes: 1}}},
	} {
		for i, v := range Autopsy(died, tt.orphans) {
			if v != tt.want[i] {
				t.Errorf("%s: the verdict on %d is %+v, want %+v", name, i, v, tt.want[i])
			}
		}
	}
}
