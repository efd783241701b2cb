package engine_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// crashing is a hook that crashes the first n times before the given word.
func crashing(n int64, before int) hook {
	var crashes atomic.Int64
	return func(_ context.Context, _ speech.Utterance, word int) error {
		if word == before && crashes.Add(1) <= n {
			return driver.ErrCrashed
		}
		return nil
	}
}

func TestCrashBeforeTheFirstSoundIsRetriedOnce(t *testing.T) {
	s := &source{hook: crashing(1, 0)}
	e := open(t, engine.Config{}, s)
	heard, err := audio.ReadAll(speak(t, e, context.Background(), "one two"))
	if err != nil || len(heard.Samples) != frames("one two") {
		t.Errorf("%d samples, %v", len(heard.Samples), err)
	}
	e.Close()
	if s.started.Load() != 2 || s.closed.Load() != 2 {
		t.Errorf("%d workers started and %d closed, want 2", s.started.Load(), s.closed.Load())
	}

	e = open(t, engine.Config{}, &source{hook: crashing(2, 0)})
	_, err = audio.ReadAll(speak(t, e, context.Background(), "one two"))
	if !fault.Is(err, fault.Internal) || !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("after two crashes: %v, want INTERNAL", err)
	}
	if _, err = audio.ReadAll(speak(t, e, context.Background(), "one two")); err != nil {
		t.Errorf("the next utterance: %v", err)
	}
}

func TestCrashAfterTheFirstSoundEndsTheSpeech(t *testing.T) {
	s := &source{hook: crashing(1, 1)}
	e := open(t, engine.Config{}, s)
	heard, err := audio.ReadAll(speak(t, e, context.Background(), "one two"))
	if !fault.Is(err, fault.Internal) || len(heard.Samples) != frames("one ") {
		t.Errorf("%d samples, %v; want those before the crash, and INTERNAL", len(heard.Samples), err)
	}
	if s.started.Load() != 1 {
		t.Error("it was tried again")
	}
}

func TestFailureKeepsTheWorker(t *testing.T) {
	s := &source{hook: func(_ context.Context, u speech.Utterance, _ int) error {
		if strings.Contains(u.Text, "unspeakable") {
			return driver.ErrFailed
		}
		return nil
	}}
	e := open(t, engine.Config{Slots: 1}, s)
	if _, err := audio.ReadAll(speak(t, e, context.Background(), "unspeakable")); !fault.Is(err, fault.Internal) {
		t.Errorf("Read: %v", err)
	}
	if _, err := audio.ReadAll(speak(t, e, context.Background(), "fine")); err != nil || s.started.Load() != 1 {
		t.Errorf("%v; %d workers started", err, s.started.Load())
	}
}

func TestWorkerIsReplacedInTime(t *testing.T) {
	s := &source{}
	e := open(t, engine.Config{Slots: 1, ReplaceAfter: 3}, s)
	for range 7 {
		if _, err := audio.ReadAll(speak(t, e, context.Background(), "a")); err != nil {
			t.Fatal(err)
		}
	}
	e.Close()
	if s.started.Load() != 3 || s.closed.Load() != 3 {
		t.Errorf("%d workers started and %d closed for 7 utterances, want 3", s.started.Load(), s.closed.Load())
	}
}

func TestHangingEngineIsStoppedAtTheDeadline(t *testing.T) {
	for patience, want := range map[float64]time.Duration{0: time.Minute, 3: 3 * time.Minute} {
		testHanging(t, patience, want)
	}
}

func testHanging(t *testing.T, patience float64, want time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		e := open(t, engine.Config{Deadline: func(speech.Utterance) time.Duration { return time.Minute }},
			&source{patience: patience, hook: func(ctx context.Context, _ speech.Utterance, word int) error {
				if word == 1 {
					<-ctx.Done()
					return context.Cause(ctx)
				}
				return nil
			}})
		began := time.Now()
		_, err := audio.ReadAll(speak(t, e, t.Context(), "one two"))
		if !fault.Is(err, fault.Internal) || !strings.Contains(fault.From(err).Public(), "too long") {
			t.Errorf("Read: %v", err)
		}
		if took := time.Since(began); took != want {
			t.Errorf("it was stopped after %v", took)
		}
	})
}

func TestSlowReaderIsNotTheEnginesFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := open(t, engine.Config{Buffer: 100, Deadline: func(speech.Utterance) time.Duration { return time.Minute }},
			&source{hook: func(_ context.Context, _ speech.Utterance, word int) error {
				<-time.After(10 * time.Second) // of the engine's own time: 3 x 10 s
				return nil
			}})
		s := speak(t, e, t.Context(), "one two three")
		n := 0
		for {
			got, err := s.Read(make([]float32, 100))
			n += got
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("after %d samples: %v", n, err)
			}
			<-time.After(5 * time.Second)
		}
		if n != frames("one two three") {
			t.Errorf("%d samples", n)
		}
	})
}

func TestBrokenEngineIsNotStartedWithoutPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		s := &source{
			hook: func(context.Context, speech.Utterance, int) error {
				if broken.Load() {
					return driver.ErrCrashed
				}
				return nil
			},
			refuse: func(n int64) error {
				if broken.Load() {
					return errors.New("it is broken")
				}
				return nil
			},
		}
		e := open(t, engine.Config{Slots: 1}, s)
		broken.Store(true)
		var waited, longest time.Duration
		for range 100 {
			spoken, err := e.Speak(t.Context(), engine.Interactive, voice(t, e), speech.Utterance{Text: "a"})
			if err == nil {
				_, err = audio.ReadAll(spoken)
			}
			var f *fault.Error
			if !errors.As(err, &f) {
				t.Fatalf("Speak: %v", err)
			}
			if f.Code == fault.Unavailable {
				if f.RetryAfter <= 0 {
					t.Fatalf("no time to wait: %v", err)
				}
				<-time.After(f.RetryAfter)
				waited += f.RetryAfter
				longest = max(longest, f.RetryAfter)
			}
		}
		if waited < 5*time.Minute || longest > 10*time.Second {
			t.Errorf("100 requests waited for %v, at most for %v", waited, longest)
		}
		broken.Store(false)
		<-time.After(longest)
		if _, err := audio.ReadAll(speak(t, e, t.Context(), "mended")); err != nil {
			t.Errorf("after it was mended: %v", err)
		}
	})
}
