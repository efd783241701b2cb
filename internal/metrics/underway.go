package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lectern/lectern/lro"
)

// Sources are what is asked when somebody reads. Each may be nil.
type Sources struct {
	// Load counts what is under way on all nodes of the store.
	Load func(context.Context) (lro.Load, error)
	// FreeBytes is how much room the disk of the data directory has.
	FreeBytes func() (int64, error)
}

// loadTime bounds the question to the store.
const loadTime = 2 * time.Second

type underWay struct {
	Sources
	up, operations, waiting, running, free *prometheus.Desc
}

func newUnderWay(s Sources) *underWay {
	describe := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &underWay{
		Sources:    s,
		up:         describe("lectern_store_up", "1 if the store of operations answers, else 0."),
		operations: describe("lectern_operations_under_way", "Operations that are not final, of all nodes."),
		waiting:    describe("lectern_shards_waiting", "Shards of operations that nobody works on yet, of all nodes: the depth of the queue."),
		running:    describe("lectern_tasks_running", "Shards and last steps that are being worked on, on all nodes."),
		free:       describe("lectern_disk_free_bytes", "Room on the disk of the data directory."),
	}
}

// Describe implements prometheus.Collector.
func (u *underWay) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{u.up, u.operations, u.waiting, u.running, u.free} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What cannot be known is left out.
func (u *underWay) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	if u.Load != nil {
		ctx, cancel := context.WithTimeout(context.Background(), loadTime)
		defer cancel()
		switch l, err := u.Load(ctx); {
		case err != nil:
			gauge(u.up, 0)
		default:
			gauge(u.up, 1)
			gauge(u.operations, float64(l.Operations))
			gauge(u.waiting, float64(max(l.Shards-l.Running, 0)))
			gauge(u.running, float64(l.Running))
		}
	}
	if u.FreeBytes != nil {
		if free, err := u.FreeBytes(); err == nil {
			gauge(u.free, float64(free))
		}
	}
}
