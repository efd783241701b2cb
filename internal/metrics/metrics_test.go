package metrics

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/lectern/lectern/lro"
)

func read(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Pages()["GET /metrics"].ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestMetrics(t *testing.T) {
	load, failure := lro.Load{Operations: 3, Shards: 40, Running: 2}, error(nil)
	m := New("v1.2", Sources{
		Load:      func(context.Context) (lro.Load, error) { return load, failure },
		FreeBytes: func() (int64, error) { return 7 << 30, nil },
	})
	m.Observe("google.longrunning.Operations/GetOperation", "OK", 3*time.Millisecond)
	m.Observe("google.longrunning.Operations/GetOperation", "NOT_FOUND", time.Millisecond)
	m.Observe("", "INVALID_ARGUMENT", time.Millisecond)
	text := read(t, m)
	for _, want := range []string{
		`lectern_build_info{version="v1.2"} 1`,
		`lectern_calls_total{code="NOT_FOUND",method="google.longrunning.Operations/GetOperation"} 1`,
		`lectern_calls_total{code="INVALID_ARGUMENT",method="none"} 1`,
		`lectern_call_seconds_bucket{method="google.longrunning.Operations/GetOperation",le="0.0025"} 1`,
		`lectern_call_seconds_count{method="google.longrunning.Operations/GetOperation"} 2`,
		"lectern_operations_under_way 3", "lectern_shards_waiting 38", "lectern_tasks_running 2",
		"lectern_store_up 1", "lectern_disk_free_bytes 7.516192768e+09", "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
	}
	// A task that runs when its shard is done already does not make a queue.
	load = lro.Load{Operations: 1, Running: 1}
	if text := read(t, m); !strings.Contains(text, "\nlectern_shards_waiting 0\n") {
		t.Error("more waits than there is")
	}
	failure = errors.New("the store is gone")
	if text := read(t, m); !strings.Contains(text, "\nlectern_store_up 0\n") || strings.Contains(text, "\nlectern_operations_under_way") {
		t.Error("a store that does not answer is not told")
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// docs/metrics.md lists them all, and none that is not there.
func TestDocumented(t *testing.T) {
	m := New("v1.2", Sources{
		Load:      func(context.Context) (lro.Load, error) { return lro.Load{}, nil },
		FreeBytes: func() (int64, error) { return 0, nil },
	})
	m.Observe("", "OK", 0)
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	names := func(pattern, text string) (all []string) {
		for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			all = append(all, found[1])
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	there := names(`(?m)^# TYPE (lectern_\w+)`, read(t, m))
	told := names("(?m)^\\| `(lectern_\\w+)", string(page))
	if !slices.Equal(there, told) || len(told) == 0 {
		t.Errorf("there are %q, docs/metrics.md has %q", there, told)
	}
}
