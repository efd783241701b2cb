package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// durations is a sample of times.
type durations []time.Duration

// at is the q-th quantile, 0 to 1, by nearest rank: one of the sample's own
// values. An empty sample has none, so it answers the longest time there is
// and meets no bar.
func (d durations) at(q float64) time.Duration {
	if len(d) == 0 {
		return math.MaxInt64
	}
	sorted := slices.Sorted(slices.Values(d))
	rank := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[min(max(rank, 0), len(sorted)-1)]
}

func (d durations) median() time.Duration { return d.at(0.50) }
func (d durations) worst() time.Duration  { return d.at(1) }

// String is the median, the 99th percentile and the worst of the sample.
func (d durations) String() string {
	if len(d) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("p50 %s, p99 %s, worst %s of %d", millis(d.median()), millis(d.at(0.99)), millis(d.worst()), len(d))
}

// millis writes a time with three digits that matter.
func millis(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms >= 10_000:
		return fmt.Sprintf("%.2f s", ms/1000)
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

// ratio writes a/b.
func ratio(a, b float64) string {
	if b == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", a/b)
}

// middle is the median of a few values.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	if n := len(sorted); n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[len(sorted)/2]
}
