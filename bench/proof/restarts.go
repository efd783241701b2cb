package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// restarts is how soon work goes on after a crash.
//
// Method: a server works on an operation with 1 MB of text (espeak) until some
// shards are done, is killed by SIGKILL and started again on the same data, 20
// times (5 with -quick). The time is from just before the new process is
// started until a scratch file that the old server did not have, or more of
// one that it had, holds sound: then a shard has been claimed, spoken and
// written. Scratch is read every 0.5 ms.
//
// Judged: the median. The reference is the start of a server that answers its
// first request with nothing to rescue, measured between the restarts.
func restarts(ctx context.Context, l *lab) ([]row, error) {
	var running, fresh durations
	for range l.count(20, 5) {
		took, err := restartOnce(ctx, l)
		if err != nil {
			return nil, err
		}
		running = append(running, took)
		if took, err = startOnce(ctx, l); err != nil {
			return nil, err
		}
		fresh = append(fresh, took)
	}
	const bar = 300 * time.Millisecond
	return []row{{
		name:      "`kill -9`, restart: until shards run again",
		bar:       "p50 <= " + millis(bar) + " from process start",
		measured:  running.String(),
		reference: "first answer of a server with nothing to do: " + fresh.String(),
		ratio:     ratio(float64(running.median()), float64(fresh.median())),
		verdict:   judge(running.median() <= bar),
	}}, nil
}

func restartOnce(ctx context.Context, l *lab) (time.Duration, error) {
	data, err := l.folder("restart")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(data)
	s, err := l.serve(ctx, data, "")
	if err != nil {
		return 0, err
	}
	v, err := s.voice(ctx, espeak)
	if err == nil {
		_, err = s.start(ctx, v, book(bookBytes), "gs://restart/book.wav")
	}
	scratch := filepath.Join(data, "scratch")
	if err == nil {
		_, err = awaitSound(ctx, scratch, nil, time.Now(), 8)
	}
	s.kill()
	if err != nil {
		return 0, err
	}
	left := sounds(scratch)
	s, err = l.launch(data, "")
	if err != nil {
		return 0, err
	}
	defer s.kill()
	took, err := awaitSound(ctx, scratch, left, s.born, 1)
	if err != nil {
		err = fmt.Errorf("%w: %s", err, s.lastWords())
	}
	return took, err
}

// sounds are the sizes of all scratch files.
func sounds(scratch string) map[string]int64 {
	sizes := map[string]int64{}
	filepath.WalkDir(scratch, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // it may vanish while we look
		}
		if info, err := d.Info(); err == nil {
			sizes[path] = info.Size()
		}
		return nil
	})
	return sizes
}

// awaitSound waits until n scratch files hold more than they did before, and
// returns how long after the instant since that was.
func awaitSound(ctx context.Context, scratch string, before map[string]int64, since time.Time, n int) (time.Duration, error) {
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); pause(ctx, 500*time.Microsecond) {
		grown := 0
		for path, size := range sounds(scratch) {
			if size > before[path] {
				grown++
			}
		}
		if grown >= n {
			return time.Since(since), nil
		}
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
	}
	return 0, errors.New("no shard runs")
}
