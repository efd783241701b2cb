package main

import (
	"context"
	"errors"
	"slices"
	"time"
)

// watch follows the CPU time of a server's workers, whoever they are, and of
// the processes that they start.
type watch struct {
	server int
	used   map[int]time.Duration // by process id; those that ended stay
	first  time.Duration
	until  time.Duration // after boot; who was born later is not watched; 0: all are
}

func newWatch(server int) *watch {
	w := &watch{server: server, used: map[int]time.Duration{}}
	w.first = w.now()
	return w
}

// now is the CPU time of all workers that were ever seen.
func (w *watch) now() time.Duration {
	for _, pid := range children(w.server) {
		if w.until > 0 && bornAt(pid) > w.until {
			continue
		}
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

// idleAfter watches for a while and returns how long after the instant since
// the workers went on that were there then. What they use in the end without
// speaking, less than noise in all, counts as idle. A worker that is ready to run
// and gets no core is not idle: the watch goes on until there is none, but not for
// ever. A worker that was born later stands in for one that was killed: what it
// takes to start is nobody's speech.
func (w *watch) idleAfter(since time.Time, while time.Duration) time.Duration {
	const noise = time.Millisecond
	const patience = 2 * time.Second
	w.until = sinceBoot() - time.Since(since)
	type reading struct {
		at   time.Duration
		used time.Duration
	}
	var readings []reading
	for time.Since(since) < while || w.runnable() {
		readings = append(readings, reading{used: w.now(), at: time.Since(since)})
		if time.Since(since) > while+patience {
			return while + patience
		}
		time.Sleep(200 * time.Microsecond)
	}
	last := w.now()
	for _, r := range readings {
		if last-r.used < noise {
			return r.at
		}
	}
	return time.Since(since)
}

// runnable reports whether a worker runs or waits for a core.
func (w *watch) runnable() bool {
	for pid := range w.used {
		if isRunnable(pid) || slices.ContainsFunc(below(pid), isRunnable) {
			return true
		}
	}
	return false
}
