package command

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestEstimateIsSteady: over steps that a server told, looked at twice a second, the
// end is foretold soon, by speeds that there have been, does not leap, and is ahead
// until it comes.
func TestEstimateIsSteady(t *testing.T) {
	for _, run := range recordedRuns {
		var e estimate
		begun := time.Unix(0, 0)
		var before time.Duration
		slowest, fastest := run.speeds()
		next, first := 0, time.Duration(-1)
		for now := time.Duration(0); now < run.took; now += 500 * time.Millisecond {
			for ; next < len(run.steps) && run.steps[next].after <= now; next++ {
				e.see(begun.Add(run.steps[next].after), run.steps[next].percent)
			}
			left, ok := e.left(begun.Add(now))
			if !ok {
				if first >= 0 {
					t.Errorf("%s: after %v nothing is foretold any more", run.what, now)
				}
				continue
			}
			if first < 0 {
				first = now
			}
			if left < time.Second {
				t.Errorf("%s: after %v the end is foretold in %v, and comes in %v", run.what, now, left, run.took-now)
			}
			if seconds, rest := left.Seconds(), 100-e.at; seconds > rest/slowest+1 || seconds < rest/fastest-5 {
				t.Errorf("%s: after %v, at %.1f %%, the end is foretold in %v", run.what, now, e.at, left)
			}
			if leap := math.Abs(float64(left - before)); before > 0 && now > run.took/5 && leap > 0.25*float64(before)+float64(3*time.Second) {
				t.Errorf("%s: after %v the end leaps from %v to %v", run.what, now, before, left)
			}
			before = left
		}
		if first < leastTime || first > max(10*time.Second, run.took/10) {
			t.Errorf("%s: the end is first foretold after %v", run.what, first)
		}
	}
}

// speeds are those of the slowest and the fastest tenth of the time, in percent a second.
func (r recordedRun) speeds() (slowest, fastest float64) {
	slowest = math.Inf(1)
	for i, from := range r.steps {
		for _, to := range r.steps[i+1:] {
			if took := to.after - from.after; took >= max(10*time.Second, r.took/10) {
				speed := (to.percent - from.percent) / took.Seconds()
				slowest, fastest = min(slowest, speed), max(fastest, speed)
				break
			}
		}
	}
	return slowest, fastest
}

// TestEstimateOfAStandstill: what does not come on ends later and later.
func TestEstimateOfAStandstill(t *testing.T) {
	var e estimate
	begun := time.Unix(0, 0)
	for i := range 100 {
		e.see(begun.Add(time.Duration(i)*time.Second), float64(i))
	}
	before := time.Duration(0)
	for _, after := range []time.Duration{2 * time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour} {
		left, ok := e.left(begun.Add(after))
		if !ok || left <= before {
			t.Errorf("after %v the end is foretold in %v, before in %v", after, left, before)
		}
		before = left
	}
	e.see(begun.Add(time.Hour), 100)
	if left, ok := e.left(begun.Add(time.Hour)); ok {
		t.Errorf("where all is done, the end is foretold in %v", left)
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1400 * time.Millisecond: "1s", 59 * time.Second: "59s", 64 * time.Second: "1m", 97 * time.Second: "1m40s",
		601 * time.Second: "10m", 3599 * time.Second: "1h", 62 * time.Minute: "1h", 93 * time.Minute: "1h35m", 3 * time.Hour: "3h",
	} {
		if got := roughly(d); got != want || strings.Contains(got, "m0s") {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
