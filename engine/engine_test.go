package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

type hook = func(ctx context.Context, u speech.Utterance, word int) error

// source is a source of tone engines that counts what it starts.
type source struct {
	hook     hook
	refuse   func(start int64) error // when not nil, asked before the nth start
	patience float64
	started  atomic.Int64
	closed   atomic.Int64
	yielded  atomic.Int64
}

type counted struct {
	*tone.Engine
	source *source
}

func (c counted) Yield() { c.source.yielded.Add(1) }

func (c counted) Close() error { c.source.closed.Add(1); return c.Engine.Close() }

func (s *source) source() engine.Source {
	return engine.Source{Name: tone.Name, Install: "get a tuning fork", Patience: s.patience, Start: func(context.Context) (driver.Engine, error) {
		n := s.started.Add(1)
		if s.refuse != nil {
			if err := s.refuse(n); err != nil {
				return nil, err
			}
		}
		return counted{tone.New(tone.Options{Hook: s.hook}), s}, nil
	}}
}

func open(t testing.TB, config engine.Config, sources ...*source) *engine.Engine {
	t.Helper()
	for _, s := range sources {
		config.Sources = append(config.Sources, s.source())
	}
	config.Log = slog.New(slog.DiscardHandler)
	e, err := engine.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func voice(t testing.TB, e *engine.Engine) speech.Voice {
	t.Helper()
	v, ok := e.Catalogue().Lookup("en-US-Tone-1")
	if !ok {
		t.Fatal("there is no voice en-US-Tone-1")
	}
	return v
}

// speak begins to say text and closes the speech with the test.
func speak(t testing.TB, e *engine.Engine, ctx context.Context, text string) *engine.Speech {
	t.Helper()
	s, err := e.Speak(ctx, engine.Interactive, voice(t, e), speech.Utterance{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func frames(text string) int { return len(text) * tone.CharacterFrames(16000, 1) }

func TestSpeech(t *testing.T) {
	e := open(t, engine.Config{Buffer: 1000}, &source{})
	const text = "hello there world"
	var want enginetest.Recorder
	tone.New(tone.Options{}).Speak(context.Background(), speech.Utterance{Text: text, Voice: "low"}, &want)

	s := speak(t, e, context.Background(), text)
	if s.SampleRate() != 16000 || s.Voice().Name != "en-US-Tone-1" {
		t.Errorf("rate %v, voice %q", s.SampleRate(), s.Voice().Name)
	}
	heard, err := audio.ReadAll(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(heard.Samples) != len(want.Frames) {
		t.Fatalf("%d samples, want %d", len(heard.Samples), len(want.Frames))
	}
	for i, f := range want.Frames {
		if heard.Samples[i] != float32(f)/32768 {
			t.Fatalf("sample %d is %g, want %d/32768", i, heard.Samples[i], f)
		}
	}
	if !slices.Equal(s.Events(), want.Events) {
		t.Errorf("events %v, want %v", s.Events(), want.Events)
	}

	s = speak(t, e, context.Background(), text)
	var got []int16
	block := make([]int16, 777)
	for {
		n, err := s.ReadFrames(block)
		got = append(got, block[:n]...)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(got, want.Frames) {
		t.Error("ReadFrames gives other frames than the engine")
	}
	if n, err := s.Read(nil); n != 0 || err != nil {
		t.Errorf("Read of nothing: %d, %v", n, err)
	}
	if _, err := s.Read(make([]float32, 1)); err != io.EOF {
		t.Errorf("Read after the end: %v, want io.EOF again", err)
	}
}

func TestSpeakRefuses(t *testing.T) {
	e := open(t, engine.Config{}, &source{})
	if _, err := e.Speak(context.Background(), engine.Interactive, speech.Voice{Name: "xx"}, speech.Utterance{}); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("unknown voice: %v", err)
	}
	for _, p := range []speech.Prosody{{Rate: 9}, {PitchSemitones: 40}, {GainDB: 1}} {
		_, err := e.Speak(context.Background(), engine.Interactive, voice(t, e), speech.Utterance{Text: "a", Prosody: p})
		if !fault.Is(err, fault.Internal) || !errors.Is(err, driver.ErrProsody) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if v, ok := e.Voice("en-us-tone-1"); !ok || v.Name != "en-US-Tone-1" || !v.Abilities.Rate.Holds(2) {
		t.Errorf("%+v, %v", v, ok)
	}
	if _, ok := e.Voice("xx"); ok {
		t.Error("a voice that is not there was found")
	}
}

func TestCloseFreesTheWorker(t *testing.T) {
	e := open(t, engine.Config{Slots: 1, Buffer: 100}, &source{})
	for range 20 {
		s := speak(t, e, context.Background(), strings.Repeat("a", 1000)) // more than the buffer holds
		if _, err := s.ReadFrames(make([]int16, 10)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if e.Busy() != 0 {
			t.Fatal("a worker is busy after Close")
		}
		if _, err := s.Read(make([]float32, 1)); err == nil || err == io.EOF {
			t.Errorf("Read after Close: %v", err)
		}
		s.Close()
	}
}

func TestContextEndsASpeech(t *testing.T) {
	idle := make(chan string, 1)
	s := &source{hook: func(ctx context.Context, _ speech.Utterance, word int) error {
		if word == 1 {
			<-ctx.Done()
			return context.Cause(ctx)
		}
		return nil
	}}
	e := open(t, engine.Config{Idle: func(name string) { idle <- name }}, s)
	cause := errors.New("canceled for a reason")
	ctx, cancel := context.WithCancelCause(context.Background())
	spoken := speak(t, e, ctx, "one two")
	cancel(cause)
	if name := <-idle; name != tone.Name {
		t.Errorf("the worker of %q became idle", name)
	}
	var err error
	for err == nil {
		_, err = spoken.Read(make([]float32, 100))
	}
	if !errors.Is(err, cause) {
		t.Errorf("Read: %v, want the cause", err)
	}
}

func TestSlotsAndClasses(t *testing.T) {
	gate := make(chan struct{})
	var mu sync.Mutex
	var order []string
	s := &source{hook: func(_ context.Context, u speech.Utterance, _ int) error {
		mu.Lock()
		order = append(order, u.Text)
		mu.Unlock()
		<-gate
		return nil
	}}
	synctest.Test(t, func(t *testing.T) {
		gate = make(chan struct{})
		e := open(t, engine.Config{Slots: 1, Queue: 3}, s)
		var speaking sync.WaitGroup
		begin := func(class engine.Class, text string) {
			speaking.Go(func() {
				spoken, err := e.Speak(t.Context(), class, voice(t, e), speech.Utterance{Text: text})
				if err != nil {
					t.Errorf("%s: %v", text, err)
					return
				}
				if _, err := audio.ReadAll(spoken); err != nil {
					t.Errorf("%s: %v", text, err)
				}
			})
			synctest.Wait()
		}
		begin(engine.Interactive, "first")
		begin(engine.Batch, "batch 1")
		begin(engine.Batch, "batch 2")
		begin(engine.Interactive, "urgent 1")
		begin(engine.Interactive, "urgent 2")
		if e.Waiting() != 4 || e.Busy() != 1 {
			t.Errorf("%d wait and %d are busy, want 4 and 1", e.Waiting(), e.Busy())
		}

		// One that gives up leaves its place.
		ctx, cancel := context.WithCancelCause(t.Context())
		gone := errors.New("gone")
		speaking.Go(func() {
			if _, err := e.Speak(ctx, engine.Interactive, voice(t, e), speech.Utterance{Text: "x"}); !errors.Is(err, gone) {
				t.Errorf("Speak of one that gave up: %v", err)
			}
		})
		synctest.Wait()

		// The queue of its class is full now.
		_, err := e.Speak(t.Context(), engine.Interactive, voice(t, e), speech.Utterance{Text: "too many"})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.ResourceExhausted || f.RetryAfter <= 0 {
			t.Errorf("Speak beyond the queue: %v", err)
		}
		cancel(gone)
		synctest.Wait()
		close(gate)
		speaking.Wait()
	})
	want := []string{"first", "urgent 1", "urgent 2", "batch 1", "batch 2"}
	if got := slices.Compact(order); !slices.Equal(got, want) {
		t.Errorf("spoken in the order %q, want %q", got, want)
	}
}

// renamed is a tone engine under another name.
type renamed struct {
	driver.Engine
	name string
}

func (r renamed) Info() driver.Info {
	info := r.Engine.Info()
	info.Name = r.name
	for i := range info.Voices {
		info.Voices[i].Name += "-" + r.name
	}
	return info
}

func TestSlotsHoldOverAllEngines(t *testing.T) {
	var now, most atomic.Int64
	begin := func(_ context.Context, _ speech.Utterance, word int) error {
		if word == 0 {
			n := now.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
		}
		return nil
	}
	config := engine.Config{Slots: 2, Idle: func(string) { now.Add(-1) }}
	for _, name := range []string{"one", "two", "three"} {
		config.Sources = append(config.Sources, engine.Source{Name: name, Warm: true, Start: func(context.Context) (driver.Engine, error) {
			return renamed{tone.New(tone.Options{Hook: begin}), name}, nil
		}})
	}
	e := open(t, config)
	var speaking sync.WaitGroup
	for _, v := range e.Catalogue().List("") {
		for range 5 {
			speaking.Go(func() {
				s, err := e.Speak(context.Background(), engine.Batch, v, speech.Utterance{Text: "to be or not to be"})
				if err == nil {
					_, err = audio.ReadAll(s)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	speaking.Wait()
	if most.Load() > 2 {
		t.Errorf("%d utterances were spoken at once in 2 slots", most.Load())
	}
}

func TestClose(t *testing.T) {
	s := &source{}
	e := open(t, engine.Config{Slots: 1, Buffer: 10}, s)
	running := speak(t, e, context.Background(), "one two three")
	e.Close()
	var err error
	for err == nil {
		_, err = running.Read(make([]float32, 100))
	}
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("Read of a speech that Close ended: %v", err)
	}
	if _, err := e.Speak(context.Background(), engine.Batch, voice(t, e), speech.Utterance{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Speak after Close: %v", err)
	}
	if s.started.Load() != s.closed.Load() {
		t.Errorf("%d workers were started and %d closed", s.started.Load(), s.closed.Load())
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesDoubleNames(t *testing.T) {
	a, b := (&source{}).source(), (&source{}).source()
	if _, err := engine.Open(context.Background(), engine.Config{Sources: []engine.Source{a, b}}); err == nil {
		t.Error("two sources of one name were accepted")
	}
	b.Name = "other"
	b.Start = func(context.Context) (driver.Engine, error) { return doubled{tone.New(tone.Options{})}, nil }
	if _, err := engine.Open(context.Background(), engine.Config{Sources: []engine.Source{a, b}}); err == nil {
		t.Error("two voices of one name were accepted")
	}
}

type doubled struct{ *tone.Engine }

func (d doubled) Info() driver.Info {
	info := d.Engine.Info()
	info.Name = "other"
	return info
}

func TestMissingEngineDoesNotStopTheOthers(t *testing.T) {
	config := engine.Config{Sources: []engine.Source{{
		Name: "harp", Install: "apt-get install harp",
		Start: func(context.Context) (driver.Engine, error) { return nil, errors.New("no such file") },
	}}}
	e := open(t, config, &source{})
	if _, err := audio.ReadAll(speak(t, e, context.Background(), "still here")); err != nil {
		t.Error(err)
	}
	if got := fmt.Sprint(e.Catalogue().Missing()); !strings.Contains(got, "apt-get install harp") {
		t.Errorf("Missing: %s", got)
	}
	if infos := e.Infos(); len(infos) != 1 || infos[0].Name != tone.Name {
		t.Errorf("Infos: %v", infos)
	}
	_, err := e.Catalogue().Match(voices.Wish{Language: "fr-FR", Name: "fr-FR-Harp-1"})
	if !fault.Is(err, fault.FailedPrecondition) || !strings.Contains(err.Error(), "apt-get install harp") {
		t.Errorf("a voice of the missing engine: %v", err)
	}
	_, err = e.Catalogue().Match(voices.Wish{Language: "fr-FR"})
	if !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), "apt-get install harp") {
		t.Errorf("a language of the missing engine, perhaps: %v", err)
	}
}

func TestDefaultDeadline(t *testing.T) {
	short := engine.DefaultDeadline(speech.Utterance{Text: "a"})
	long := engine.DefaultDeadline(speech.Utterance{Text: strings.Repeat("a", 1000)})
	slow := engine.DefaultDeadline(speech.Utterance{Text: strings.Repeat("a", 1000), Prosody: speech.Prosody{Rate: 0.5}})
	if short < 15*time.Second || long-short < 15*time.Second || slow-long < 15*time.Second {
		t.Errorf("short %v, long %v, slow %v", short, long, slow)
	}
}
