package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// overload is what becomes of calls when twice as many come as can be answered.
//
// Method: what the server can do is the calls that 4 callers for each of its slots
// get answered together in 5 s (2 s with -quick), each called anew as it is
// answered. Alone is one call after the other, 100 of them (30). Then twice as many
// come as can be done, at even distances over 8 connections, for 2 minutes (10 s,
// after 6 s that are not counted), whatever becomes of those before: SynthesizeSpeech
// without a deadline and without repeating, by the espeak voice,
// once a text of 60 bytes and once one of 1,500. All refusals must be
// RESOURCE_EXHAUSTED, and every other call be answered.
func overload(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "overload")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, bytes := range []int{60, 1500} {
		text := strings.ToValidUTF8(alice[:bytes], "")
		able, err := answersPerSecond(ctx, s, v, text, time.Duration(l.count(5, 2))*time.Second)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, s.lastWords())
		}
		var alone durations
		for range l.count(100, 30) {
			begun := time.Now()
			if _, err := s.say(ctx, v, text); err != nil {
				return nil, err
			}
			alone = append(alone, time.Since(begun))
		}
		warm, span := time.Duration(0), 2*time.Minute
		if l.quick {
			warm, span = 6*time.Second, 10*time.Second
		}
		o, err := offer(ctx, s, v, text, 2*able, warm, span)
		if err != nil {
			return nil, err
		}
		x := o.answered.at(0.95).Seconds() / alone.at(0.95).Seconds()
		done := float64(len(o.answered)) / span.Seconds() / able
		rows = append(rows, row{
			name: fmt.Sprintf("twice the calls of %d bytes that can be answered, for %s", bytes, span),
			bar:  "p95 of the answered <= 3 x alone, the rest refused within 50 ms, none lost",
			measured: fmt.Sprintf("%.0f a second came: %s answered (%.0f %% of what can be), p95 %s; refused %s; %d lost",
				2*able, o.answered, 100*done, millis(o.answered.at(0.95)), o.refused, o.lost),
			reference: fmt.Sprintf("alone: p95 %s, %s", millis(alone.at(0.95)), alone), ratio: fmt.Sprintf("%.2f", x),
			verdict: judge(x <= 3, len(o.refused) > 0, o.refused.worst() <= 50*time.Millisecond, o.lost == 0),
		})
	}
	return rows, s.stop()
}

// answersPerSecond is how many calls a server answers, asked as much as it likes.
func answersPerSecond(ctx context.Context, s *server, v *voice, text string, span time.Duration) (float64, error) {
	callers := 4 * runtime.NumCPU()
	// Not a deadline, which the server would know of.
	ctx, stop := context.WithCancel(ctx)
	defer time.AfterFunc(span, stop).Stop()
	defer stop()
	var mu sync.Mutex
	answered := 0
	var failed error
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for {
				_, err := s.say(ctx, v, text)
				mu.Lock()
				if err == nil {
					answered++
				} else if ctx.Err() == nil {
					failed = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	if answered == 0 && failed == nil {
		failed = fmt.Errorf("no call was answered in %s", span)
	}
	return float64(answered) / span.Seconds(), failed
}

// offered is what became of calls that came at a rate of their own.
type offered struct {
	mu                sync.Mutex
	answered, refused durations
	lost              int
}

func offer(ctx context.Context, s *server, v *voice, text string, perSecond float64, warm, span time.Duration) (*offered, error) {
	const connections = 8
	var clients []*client
	for range connections {
		c, err := dial(s.address)
		if err != nil {
			return nil, err
		}
		defer c.close()
		if _, err := c.voices(ctx); err != nil {
			return nil, err
		}
		clients = append(clients, c)
	}
	var o offered
	var all sync.WaitGroup
	began := time.Now()
	for n := 0; ctx.Err() == nil; n++ {
		due := time.Duration(float64(n) / perSecond * float64(time.Second))
		if due >= warm+span {
			break
		}
		pause(ctx, time.Until(began.Add(due)))
		all.Go(func() {
			begun := time.Now()
			_, err := clients[n%connections].say(ctx, v, text)
			if due >= warm {
				o.note(time.Since(begun), err)
			}
		})
	}
	all.Wait()
	return &o, ctx.Err()
}

func (o *offered) note(took time.Duration, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch status.Code(err) {
	case codes.OK:
		o.answered = append(o.answered, took)
	case codes.ResourceExhausted:
		o.refused = append(o.refused, took)
	default:
		o.lost++
	}
}
