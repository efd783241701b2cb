package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// streamBeside is when the first sound of a stream is there while a long operation
// keeps all cores busy.
//
// Method: as stream-first, 60 times for each voice (15 with -quick); then the same
// while a long operation of 1 MB by the same voice goes on, which is not done at
// the end. The 95th percentile there is compared with the median before.
func streamBeside(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.freshWith(ctx, "stream-beside", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	var rows []row
	for _, part := range []string{espeak, heart.name} {
		v, err := s.voice(ctx, part)
		if err != nil {
			rows = append(rows, row{name: "first sound of a stream beside a long operation, " + part, measured: "not installed", verdict: note})
			continue
		}
		alone, _, err := firstSounds(ctx, s.client, v, l.count(60, 15))
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, s.lastWords())
		}
		workers := newWatch(s.pid())
		op, err := s.start(ctx, v, book(bookBytes), "gs://beside/"+v.Name+".wav")
		if err != nil {
			return nil, err
		}
		if err := workers.awaitWork(ctx, time.Second); err != nil {
			return nil, err
		}
		busyBefore, allBefore := machineBusy()
		var beside durations
		for _, text := range fullSentences(l.count(60, 15)) {
			took, err := firstSound(ctx, s.client, v, text)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, s.lastWords())
			}
			beside = append(beside, took)
			pause(ctx, 50*time.Millisecond)
		}
		busy, all := machineBusy()
		if op, err = s.get(ctx, op.Name); err != nil {
			return nil, err
		}
		if op.Done {
			return nil, errors.New("the operation was done before the streams were: its text is too short for this machine")
		}
		if err := s.client.cancel(ctx, op.Name); err != nil {
			return nil, err
		}
		const bar = 3
		x := beside.at(0.95).Seconds() / alone.median().Seconds()
		rows = append(rows, row{
			name: "first sound of a stream beside a long operation of 1 MB, " + v.Name, bar: fmt.Sprintf("p95 <= %d x alone", bar),
			measured:  fmt.Sprintf("p95 %s, %s (cores %.0f %% busy)", millis(beside.at(0.95)), beside, 100*(busy-busyBefore)/max(all-allBefore, 1)),
			reference: "alone: " + alone.String(), ratio: fmt.Sprintf("%.2f", x), verdict: judge(x <= bar),
		})
	}
	return rows, s.stop()
}

// streamMemory is that the memory of a server does not grow with a stream's text.
//
// Method: one stream by the espeak voice is given a book of 1 MB (100 kB with
// -quick), 4,000 bytes a message, as fast as it is taken, and its sound is read as
// it comes. A stream of a tenth of that goes before, by which the collector's heap
// is as large as it likes it; what the server has when that has ended is idle.
// VmRSS of the server is read with each message; its largest in each half of the
// text is judged.
func streamMemory(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "stream-memory")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	text := book(l.count(bookBytes, 100_000))
	if _, _, err := s.recite(ctx, v, strings.ToValidUTF8(text[:len(text)/10], "")); err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.lastWords())
	}
	idle, err := memory(s.pid(), "VmRSS")
	if err != nil {
		return nil, err
	}
	halves, frames, err := s.recite(ctx, v, text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.lastWords())
	}
	const bar, flat = 10e6, 3e6
	first, second := halves[0]-idle, halves[1]-idle
	return []row{{
		name: fmt.Sprintf("memory of a stream that carries %s of text, server process", megabytes(int64(len(text)))),
		bar:  fmt.Sprintf("<= %s above idle; the second half <= %s above the first", megabytes(bar), megabytes(flat)),
		measured: fmt.Sprintf("%s above %s in the first half, %s in the second; %.1f h of sound",
			megabytes(first), megabytes(idle), megabytes(second), float64(frames)/streamRate/3600),
		verdict: judge(max(first, second) <= bar, second-first <= flat),
	}}, s.stop()
}

// recite has a stream speak a text and tells the largest VmRSS of the server in
// each half of it, and how long its sound is.
func (s *server) recite(ctx context.Context, v *voice, text string) (halves [2]int64, frames int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := s.stream(ctx, v)
	if err != nil {
		return halves, 0, err
	}
	var sides errgroup.Group
	sides.Go(func() error {
		const fragment = 4000
		for sent := 0; sent < len(text); {
			end := min(sent+fragment, len(text))
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end--
			}
			if err := stream.Send(streamText(text[sent:end])); err != nil {
				return err
			}
			sent = end
			now, err := memory(s.pid(), "VmRSS")
			if err != nil {
				return err
			}
			half := &halves[min(2*(sent-1)/len(text), 1)]
			*half = max(*half, now)
		}
		return stream.CloseSend()
	})
	sides.Go(func() error {
		for {
			message, err := stream.Recv()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			frames += len(message.AudioContent) / 2
		}
	})
	return halves, frames, sides.Wait()
}
