package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// longTexts is what the whole path of a long operation adds to an engine's own
// work, and that its memory does not grow with the text.
//
// Method: 1 MB of text (100 kB with -quick) by the espeak voice to a WAV file,
// on a fresh server; wall time from the call to the answer of WaitOperation
// that says done. Twice (once with -quick), in turn with the reference,
// which is the least that any program could need on these cores: the CPU time
// (user and system) of `espeak-ng -v en-us -f book.txt -w out.wav` divided by
// the cores, plus the time to write as many bytes as the object has and sync
// them, once. For the same bytes every time the bar gives way by what they cost,
// measured (copies), divided by the cores. The median of the quotients of the
// turns is judged; the one without the allowance stands beside it.
//
// Memory is VmHWM of the server's process at the end, which holds from its
// start; VmRSS, read every 200 ms, is given beside it. The largest is judged.
func longTexts(ctx context.Context, l *lab) ([]row, error) {
	text := book(l.count(bookBytes, 100_000))
	var walls, references durations
	var quotients, strict []float64
	var peak, largest int64
	allowed, err := l.bookCost(ctx, text)
	if err != nil {
		return nil, err
	}
	for range l.count(2, 1) {
		r, err := espeakAlone(ctx, l, text)
		if err != nil {
			return nil, err
		}
		f, err := longOnce(ctx, l, text, "LINEAR16", func(name string) (int64, error) {
			size, _, err := checkWAV(name)
			return size, err
		})
		if err != nil {
			return nil, err
		}
		written, err := writeAndSync(l.dir, f.bytes)
		if err != nil {
			return nil, err
		}
		least := r/time.Duration(runtime.NumCPU()) + written
		bound := least + allowed/time.Duration(runtime.NumCPU())
		l.logf("long: wall %s for %s; CPU time: server %s, its workers %s; espeak-ng %s, the same bytes every time %s; writing took %s; VmHWM %s, largest VmRSS %s",
			millis(f.wall), megabytes(f.bytes), millis(f.server), millis(f.workers), millis(r), millis(allowed), millis(written), megabytes(f.peak), megabytes(f.largest))
		walls, references = append(walls, f.wall), append(references, bound)
		quotients = append(quotients, f.wall.Seconds()/bound.Seconds())
		strict = append(strict, f.wall.Seconds()/least.Seconds())
		peak, largest = max(peak, f.peak), max(largest, f.largest)
	}
	const wallBar, memoryBar = 1.25, 150e6
	size := megabytes(int64(len(text)))
	return []row{
		{
			name:      size + " of text by an espeak voice to WAV, wall time",
			bar:       fmt.Sprintf("<= %.2f x ((espeak-ng's CPU time + the same bytes every time) / %d cores + writing the bytes once)", wallBar, runtime.NumCPU()),
			measured:  walls.String(),
			reference: references.String(),
			ratio:     fmt.Sprintf("%.2f of %.2f; without the allowance %.2f", middle(quotients), quotients, middle(strict)),
			verdict:   judge(middle(quotients) <= wallBar),
		},
		{
			name:     size + " of text, memory of the server process",
			bar:      "<= " + megabytes(memoryBar) + " from start to end",
			measured: fmt.Sprintf("VmHWM %s, largest VmRSS %s", megabytes(peak), megabytes(largest)),
			verdict:  judge(float64(max(peak, largest)) <= memoryBar),
		},
	}, nil
}

type longFigures struct {
	wall          time.Duration
	bytes         int64 // of the object
	peak, largest int64 // memory
	worker        int64 // memory of the worker that took the most

	server, workers time.Duration // CPU time
}

// longOnce speaks text on a fresh server. check looks at the object's file and
// returns its size.
func longOnce(ctx context.Context, l *lab, text string, encoding string, check func(name string) (int64, error)) (f longFigures, err error) {
	s, err := l.fresh(ctx, "long")
	if err != nil {
		return f, err
	}
	defer s.discard()
	return longOn(ctx, s, espeak, text, encoding, check)
}

// longOn speaks text on a server, which it stops.
func longOn(ctx context.Context, s *server, part, text, encoding string, check func(name string) (int64, error)) (f longFigures, err error) {
	v, err := s.voice(ctx, part)
	if err != nil {
		return f, err
	}
	sampling, stop := context.WithCancel(ctx)
	defer stop()
	workers := newWatch(s.pid())
	var largest int64
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		for ; sampling.Err() == nil; pause(sampling, 200*time.Millisecond) {
			workers.now() // of a worker that ends later too
			if rss, err := memory(s.pid(), "VmRSS"); err == nil {
				largest = max(largest, rss)
			}
			for _, pid := range children(s.pid()) {
				peak, _ := memory(pid, "VmHWM")
				f.worker = max(f.worker, peak)
			}
		}
	}()
	const uri = "gs://long/book"
	begun := time.Now()
	name, err := s.startAs(ctx, encoding, v, text, uri)
	if err != nil {
		return f, fmt.Errorf("%w: %s", err, s.lastWords())
	}
	op, err := s.finished(ctx, name)
	if err != nil {
		return f, err
	}
	f.wall = time.Since(begun)
	stop()
	<-sampled
	f.server, f.workers, f.largest = s.used(), workers.now(), largest
	if op.GetError() != nil {
		return f, errors.New(op.GetError().GetMessage() + ": " + s.lastWords())
	}
	if f.bytes, err = check(s.object(uri)); err != nil {
		return f, err
	}
	if f.peak, err = memory(s.pid(), "VmHWM"); err != nil {
		return f, err
	}
	return f, s.stop()
}

// espeakAlone is the CPU time of the command line tool for text.
func espeakAlone(ctx context.Context, l *lab, text string) (time.Duration, error) {
	in, out := filepath.Join(l.dir, "book.txt"), filepath.Join(l.dir, "book.wav")
	defer os.Remove(in)
	defer os.Remove(out)
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		return 0, err
	}
	tool := exec.CommandContext(ctx, "espeak-ng", "-v", "en-us", "-f", in, "-w", out)
	if said, err := tool.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("espeak-ng: %w: %s", err, said)
	}
	return tool.ProcessState.UserTime() + tool.ProcessState.SystemTime(), nil
}
