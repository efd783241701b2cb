package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// starts is what a server costs that has nothing to do.
//
// Method: 20 times (5 with -quick) a server is started on an empty data
// directory; the time is from just before the process is started until the
// answer to ListVoices by gRPC, on a port that is tried every 0.5 ms. Judged:
// the median. The reference is `lectern version`, the least that a process of
// this binary can do.
//
// Memory is the largest VmRSS of the server's process in 2 s without requests,
// after one answered SynthesizeSpeech with each of three voices; the median of
// three servers is judged. Workers are other processes and are named beside it.
func starts(ctx context.Context, l *lab) ([]row, error) {
	var first, least durations
	for range l.count(20, 5) {
		took, err := startOnce(ctx, l)
		if err != nil {
			return nil, err
		}
		first = append(first, took)
		begun := time.Now()
		if out, err := exec.CommandContext(ctx, l.binary("lectern"), "version").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("lectern version: %w: %s", err, out)
		}
		least = append(least, time.Since(begun))
	}
	var idle, workers, peak []float64
	for range l.count(3, 1) {
		m, err := idleMemory(ctx, l, l.none, espeak, flite, fliteSlow)
		if err != nil {
			return nil, err
		}
		idle, workers, peak = append(idle, float64(m.server)), append(workers, float64(m.workers)), append(peak, float64(m.peak))
	}
	const soon, small = 300 * time.Millisecond, 60e6
	return []row{
		{
			name:      "start to first answered request",
			bar:       "p50 <= " + millis(soon),
			measured:  first.String(),
			reference: "`lectern version`: " + least.String(),
			ratio:     ratio(float64(first.median()), float64(least.median())),
			verdict:   judge(first.median() <= soon),
		},
		{
			name: "idle memory of the server process",
			bar:  "<= " + megabytes(small),
			measured: fmt.Sprintf("VmRSS %s (VmHWM %s; its workers together %s)",
				megabytes(int64(middle(idle))), megabytes(int64(middle(peak))), megabytes(int64(middle(workers)))),
			verdict: judge(middle(idle) <= small),
		},
	}, nil
}

// startOnce takes the time until a fresh server's first answer.
func startOnce(ctx context.Context, l *lab) (time.Duration, error) {
	data, err := l.folder("start")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(data)
	s, err := l.launch(data, "")
	if err != nil {
		return 0, err
	}
	err = s.answers(ctx)
	took := time.Since(s.born)
	if err != nil {
		s.kill()
		return 0, err
	}
	return took, s.stop()
}

type memoryFigures struct{ server, peak, workers int64 }

func idleMemory(ctx context.Context, l *lab, voices string, parts ...string) (m memoryFigures, err error) {
	s, err := l.freshWith(ctx, "idle", voices)
	if err != nil {
		return m, err
	}
	defer s.discard()
	for _, part := range parts {
		v, err := s.voice(ctx, part)
		if err != nil {
			return m, err
		}
		if _, err := s.say(ctx, v, "Is there anybody in?"); err != nil {
			return m, err
		}
	}
	for until := time.Now().Add(2 * time.Second); time.Now().Before(until) && ctx.Err() == nil; pause(ctx, 50*time.Millisecond) {
		rss, err := memory(s.pid(), "VmRSS")
		if err != nil {
			return m, err
		}
		m.server = max(m.server, rss)
	}
	if m.peak, err = memory(s.pid(), "VmHWM"); err != nil {
		return m, err
	}
	for _, pid := range below(s.pid()) {
		rss, _ := memory(pid, "VmRSS")
		m.workers += rss
	}
	return m, ctx.Err()
}
