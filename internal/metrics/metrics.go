// Package metrics tells operators how a running server fares, in the form that
// Prometheus reads. docs/metrics.md lists all of it.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what one server does. All methods may be called by many
// goroutines at once.
type Metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// New makes the metrics of a server of this version, and of what the sources
// know.
func New(version string, s Sources) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_calls_total", Help: "Calls that have ended, by method and code.",
		}, []string{"method", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lectern_call_seconds", Help: "How long calls took, by method; streams from their first message to their end.",
			Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300},
		}, []string{"method"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "lectern_build_info", Help: "1, with the version.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.calls, m.seconds, build, newUnderWay(s),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts one call. method is that of gRPC, package.Service/Method, or the
// pattern of a path, and empty where a call reached none; code is a name of
// google.rpc.Code.
func (m *Metrics) Observe(method, code string, took time.Duration) {
	if method == "" {
		method = "none"
	}
	m.calls.WithLabelValues(method, code).Inc()
	m.seconds.WithLabelValues(method).Observe(took.Seconds())
}

// Pages are the handlers by which all of it is read, by pattern of http.ServeMux.
func (m *Metrics) Pages() map[string]http.Handler {
	all := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	return map[string]http.Handler{"GET /metrics": all}
}
