package main

import (
	"context"
	"errors"
	"time"
)

// watch follows the CPU time of a server's workers, whoever they are.
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
		if t, err := cpuTime(pid); err == nil {
			w.used[pid] = t
		}
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
// the workers went on. What they use in the end without speaking, less than
// noise in all, counts as idle.
func (w *watch) idleAfter(since time.Time, while time.Duration) time.Duration {
	const noise = time.Millisecond
	type reading struct {
		at   time.Duration
		used time.Duration
	}
	var readings []reading
	for time.Since(since) < while {
		readings = append(readings, reading{used: w.now(), at: time.Since(since)})
		time.Sleep(200 * time.Microsecond)
	}
	last := readings[len(readings)-1].used
	for _, r := range readings {
		if last-r.used < noise {
			return r.at
		}
	}
	return while
}
