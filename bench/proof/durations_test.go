package main

import (
	"math"
	"testing"
	"time"
)

func TestQuantilesAreValuesOfTheSample(t *testing.T) {
	var d durations
	for i := 100; i >= 1; i-- {
		d = append(d, time.Duration(i))
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.99: 99, 0.991: 100, 1: 100} {
		if got := d.at(q); got != want {
			t.Errorf("at(%v) = %d, want %d", q, got, want)
		}
	}
}

func TestNothingMeasuredMeetsNoBar(t *testing.T) {
	if got := durations(nil).median(); got != math.MaxInt64 {
		t.Errorf("the median of nothing is %v", got)
	}
	if !math.IsNaN(middle(nil)) {
		t.Error("the middle of nothing is a number")
	}
}
