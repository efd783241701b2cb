package main

import (
	"context"
	"errors"
	"time"
)

// watch follows the CPU time of a server's workers, whoever they are, and of
// the processes that they start.
type watch struct {
	server int
	used   map[int]time.Duration // by process id; those that ended stay
	first  time.Duration
}

func newWatch(server int) *watch {
	w := &watch{server: server, used: map[int]time.Duration{}}
	w.first = w.now()
	return w
}

// now is the CPU time of all workers that were ever seen.
func (w *watch) now() time.Duration {
	for _, pid := range children(w.server) {
		w.used[pid] = max(w.used[pid], treeTime(pid)) // a process that ends is counted less finely
	}
	var sum time.Duration
	for _, t := range w.used {
		sum += t
	}
	return sum
}

// awaitWork waits until the workers have used d since the watch began.
func (w *watch) awaitWork(ctx context.Context, d time.Duration) error {
	const patience = 20 * time.Second
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); pause(ctx, time.Millisecond) {
		if w.now()-w.first >= d {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return errors.New("no worker works on the operation")
}

// awaitRest waits until no worker does anything any more: the first call brings others
// along, which load a model or a voice after it has been answered.
func (w *watch) awaitRest(ctx context.Context) error {
	const still, noise = 300 * time.Millisecond, time.Millisecond
	for used := w.now(); ctx.Err() == nil; {
		pause(ctx, still)
		before := used
		if used = w.now(); used-before < noise {
			return nil
		}
	}
	return context.Cause(ctx)
}

// idleAfter watches for a while and returns how long after the instant since
// the workers went on that were there then, and the processes below them. What they
// use in the end without speaking, less than noise in all, counts as idle. A
// process that is ready to run and gets no core is not idle: the watch goes on
// until there is none, but not for ever.
//
// Who has been killed works no more from the moment at which that is seen, though
// on a busy machine he may have to wait for a core to end on. A worker that was born
// later stands in for one that was killed: what it takes to start is nobody's speech.
func (w *watch) idleAfter(since time.Time, while time.Duration) time.Duration {
	const noise = time.Millisecond
	const patience = 2 * time.Second
	until := sinceBoot() - time.Since(since)
	used := map[int]time.Duration{}
	gone := map[int]bool{}
	type reading struct{ at, used time.Duration }
	var readings []reading
	var lastEnd time.Duration
	for runs := true; time.Since(since) < while || runs; {
		runs = false
		for _, pid := range below(w.server) {
			if _, known := used[pid]; !known && !gone[pid] && bornAt(pid) <= until {
				used[pid] = 0
			}
		}
		at := time.Since(since)
		var sum time.Duration
		for pid, before := range used {
			if !gone[pid] && isDying(pid) {
				gone[pid], lastEnd = true, time.Since(since) // now that it is seen, not when the look began
			}
			if !gone[pid] {
				now, _ := cpuTime(pid)
				used[pid] = max(before, now)
				runs = runs || isRunnable(pid)
			}
			sum += used[pid]
		}
		readings = append(readings, reading{at, sum})
		if at > while+patience {
			return at
		}
		time.Sleep(200 * time.Microsecond)
	}
	last := readings[len(readings)-1].used
	for _, r := range readings {
		if last-r.used < noise {
			return max(r.at, lastEnd)
		}
	}
	return time.Since(since)
}
