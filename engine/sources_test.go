package engine_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// model is a source of one voice that tells what it is without a worker.
type model struct {
	name    string
	hook    hook
	load    func() error
	started atomic.Int64
	closed  chan string // may be nil
}

func (m *model) source(version string, memory int64) engine.Source {
	v := tone.New(tone.Options{}).Info().Voices[0]
	v.Name = "en-US-Model-" + m.name
	info := tone.New(tone.Options{}).Info()
	info.Name, info.Voices = "model", []speech.Voice{v}
	return engine.Source{Name: "model/" + m.name, Version: version, Info: &info, Memory: memory,
		Start: func(context.Context) (driver.Engine, error) {
			m.started.Add(1)
			if m.load != nil {
				if err := m.load(); err != nil {
					return nil, err
				}
			}
			return loaded{tone.New(tone.Options{Hook: m.hook}), m}, nil
		}}
}

type loaded struct {
	*tone.Engine
	model *model
}

func (l loaded) Close() error {
	if l.model.closed != nil {
		l.model.closed <- l.model.name
	}
	return l.Engine.Close()
}

func say(t *testing.T, e *engine.Engine, name string) {
	t.Helper()
	v, ok := e.Catalogue().Lookup(name)
	if !ok {
		t.Fatalf("there is no voice %s", name)
	}
	s, err := e.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"})
	if err == nil {
		_, err = audio.ReadAll(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestModelsLoadWhenTheyAreNeeded(t *testing.T) {
	a, b := &model{name: "A"}, &model{name: "B"}
	e := open(t, engine.Config{Slots: 1, Sources: []engine.Source{a.source("1", 10), b.source("1", 10)}})
	if len(e.Catalogue().List("")) != 2 {
		t.Fatal("the voices are not known before they are loaded")
	}
	if a.started.Load()+b.started.Load() != 0 {
		t.Fatal("a model was loaded before it was needed")
	}
	say(t, e, "en-US-Model-A")
	say(t, e, "en-US-Model-A")
	if a.started.Load() != 1 || b.started.Load() != 0 {
		t.Errorf("%d and %d models were loaded, want 1 and 0", a.started.Load(), b.started.Load())
	}
}

// What was used least lately goes first, and what speaks never.
func TestModelsShareMemory(t *testing.T) {
	closed := make(chan string, 10)
	models := map[string]*model{}
	config := engine.Config{Slots: 1, Memory: 25}
	for _, name := range []string{"A", "B", "C"} {
		models[name] = &model{name: name, closed: closed}
		config.Sources = append(config.Sources, models[name].source("1", 10))
	}
	e := open(t, config)
	for _, name := range []string{"A", "B", "A", "C"} { // 20 of 25 bytes, then 30
		say(t, e, "en-US-Model-"+name)
	}
	if gone := <-closed; gone != "B" {
		t.Errorf("%s was given up, want B", gone)
	}
	say(t, e, "en-US-Model-A")
	if n := models["A"].started.Load(); n != 1 {
		t.Errorf("A was loaded %d times", n)
	}
	say(t, e, "en-US-Model-B")
	if gone := <-closed; gone != "C" {
		t.Errorf("%s was given up, want C", gone)
	}
}

// A voice that loads takes no slot from another.
func TestLoadingHoldsUpNobody(t *testing.T) {
	wait := make(chan struct{})
	slow := &model{name: "Slow", load: func() error { <-wait; return nil }}
	quick := &model{name: "Quick"}
	e := open(t, engine.Config{Slots: 1, Sources: []engine.Source{slow.source("1", 1), quick.source("1", 1)}})
	v, _ := e.Catalogue().Lookup("en-US-Model-Slow")
	spoken := make(chan error)
	go func() {
		s, err := e.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"})
		if err == nil {
			_, err = audio.ReadAll(s)
		}
		spoken <- err
	}()
	say(t, e, "en-US-Model-Quick")
	close(wait)
	if err := <-spoken; err != nil {
		t.Error(err)
	}
}

func TestReplace(t *testing.T) {
	closed := make(chan string, 10)
	speaking, goOn := make(chan struct{}), make(chan struct{})
	a := &model{name: "A", closed: closed}
	b := &model{name: "B", closed: closed, hook: func(context.Context, speech.Utterance, int) error {
		close(speaking)
		<-goOn
		return nil
	}}
	c := &model{name: "C", closed: closed}
	e := open(t, engine.Config{Slots: 2, Sources: []engine.Source{a.source("1", 0), b.source("1", 0)}})
	say(t, e, "en-US-Model-A")
	before := e.Catalogue()
	v, _ := before.Lookup("en-US-Model-B")
	s, err := e.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"})
	if err != nil {
		t.Fatal(err)
	}
	<-speaking

	if err := e.Replace(t.Context(), []engine.Source{a.source("1", 0), c.source("1", 0)}); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range e.Catalogue().List("") {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, []string{"en-US-Model-A", "en-US-Model-C"}) {
		t.Errorf("the voices are %v", names)
	}
	if _, ok := before.Lookup("en-US-Model-B"); !ok {
		t.Error("a catalogue has changed")
	}
	say(t, e, "en-US-Model-A")
	if a.started.Load() > 2 {
		t.Errorf("A, which stayed, was loaded %d times in 2 slots", a.started.Load())
	}
	close(goOn) // B speaks to its end, and then goes
	if _, err := audio.ReadAll(s); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if gone := <-closed; gone != "B" {
		t.Errorf("%s was given up, want B", gone)
	}
	if _, err := e.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"}); err == nil {
		t.Error("a voice that is gone speaks")
	}

	// Another version of a source takes the place of its workers.
	if err := e.Replace(t.Context(), []engine.Source{a.source("2", 0)}); err != nil {
		t.Fatal(err)
	}
	for gone := <-closed; gone != "A"; gone = <-closed { // there may have been two of B
		if gone != "B" {
			t.Errorf("%s was given up, want A", gone)
		}
	}
	// What is wrong changes nothing.
	if err := e.Replace(t.Context(), []engine.Source{a.source("2", 0), a.source("3", 0)}); err == nil {
		t.Error("two sources of one name are accepted")
	}
	say(t, e, "en-US-Model-A")
}

// An engine that cannot read has its words told by one that can.
func TestTranscribed(t *testing.T) {
	deaf := &model{name: "Deaf"}
	var heard []speech.Transcribed
	deaf.hook = func(_ context.Context, u speech.Utterance, word int) error {
		if word == 0 {
			heard = u.Transcribed
		}
		return nil
	}
	s := deaf.source("1", 1)
	s.Info.Abilities.TranscribedBy = tone.New(tone.Options{}).Info().Voices[0].EngineName
	s.Info.Abilities.Transcribes = false
	e := open(t, engine.Config{Slots: 1, Sources: []engine.Source{s}}, &source{})
	say(t, e, "en-US-Model-Deaf")
	if len(heard) != 1 || heard[0].Phonemes == "" {
		t.Errorf("the engine was told %v", heard)
	}

	alone := open(t, engine.Config{Slots: 1, Sources: []engine.Source{s}})
	v, _ := alone.Catalogue().Lookup("en-US-Model-Deaf")
	spoken, err := alone.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"})
	if err == nil {
		_, err = audio.ReadAll(spoken)
	}
	if !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("without anybody who reads: %v", err)
	}
}

// TestSpare: while long work has all workers one more is started, and who listens
// begins at once with it.
func TestSpare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := &source{hook: func(_ context.Context, u speech.Utterance, _ int) error {
			if u.Text == "book" {
				<-gate
			}
			return nil
		}}
		e := open(t, engine.Config{Slots: 2}, s)
		var books []*engine.Speech
		for range 2 {
			book, err := e.Speak(t.Context(), engine.Batch, voice(t, e), speech.Utterance{Text: "book"})
			if err != nil {
				t.Fatal(err)
			}
			books = append(books, book)
		}
		synctest.Wait()
		if n := s.started.Load(); n != 3 {
			t.Errorf("%d workers were started for two that speak, and a spare one", n)
		}
		listened, err := e.Speak(t.Context(), engine.Interactive, voice(t, e), speech.Utterance{Text: "hello"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := audio.ReadAll(listened); err != nil {
			t.Error(err)
		}
		if n := s.started.Load(); n != 3 {
			t.Errorf("%d workers were started, one of them while somebody listened", n)
		}
		close(gate)
		for _, book := range books {
			if _, err := audio.ReadAll(book); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestLongWorkYields: the workers of long work yield to the others, and remain those
// of long work, so that who listens has one that does not.
func TestLongWorkYields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := &source{hook: func(_ context.Context, u speech.Utterance, _ int) error {
			if u.Text == "book" {
				<-gate
			}
			return nil
		}}
		e := open(t, engine.Config{Slots: 2}, s)
		speak := func(class engine.Class, text string) *engine.Speech {
			spoken, err := e.Speak(t.Context(), class, voice(t, e), speech.Utterance{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return spoken
		}
		listen := func(spoken *engine.Speech) {
			if _, err := audio.ReadAll(spoken); err != nil {
				t.Error(err)
			}
			spoken.Close()
		}
		books := []*engine.Speech{speak(engine.Batch, "book"), speak(engine.Batch, "book")}
		synctest.Wait()
		listen(speak(engine.Interactive, "hello"))
		close(gate)
		for _, book := range books {
			listen(book)
		}
		for range 5 {
			listen(speak(engine.Interactive, "hello"))
			listen(speak(engine.Batch, "more"))
		}
		if n := s.yielded.Load(); n != 2 || s.started.Load() != 3 {
			t.Errorf("of %d workers %d yield, want the two that long work had", s.started.Load(), n)
		}
	})
}

// TestASpareThatDoesNotStart is tried again after pauses that become longer, however
// many utterances would like it.
func TestASpareThatDoesNotStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{refuse: func(start int64) error {
			if start > 1 {
				return errors.New("no memory")
			}
			return nil
		}}
		e := open(t, engine.Config{Slots: 1}, s)
		for range 1000 { // ten seconds
			spoken, err := e.Speak(t.Context(), engine.Batch, voice(t, e), speech.Utterance{Text: "book"})
			if err == nil {
				_, err = audio.ReadAll(spoken)
			}
			if err != nil {
				t.Fatal(err)
			}
			spoken.Close()
			synctest.Wait()
			time.Sleep(10 * time.Millisecond)
		}
		// After 0, 0.1, 0.3, 0.7, 1.5, 3.1 and 6.3 s.
		if n := s.started.Load() - 1; n < 5 || n > 8 {
			t.Errorf("a spare worker was tried %d times in ten seconds", n)
		}
	})
}

// TestTheFirstWorker: who listens while long work has the only worker does not wait for
// another model to load when that one is free before, and loads none of its own.
func TestTheFirstWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, loading := make(chan struct{}), make(chan struct{})
		m := &model{name: "A"}
		m.hook = func(_ context.Context, u speech.Utterance, _ int) error {
			if u.Text == "book" {
				<-gate
			}
			return nil
		}
		m.load = func() error {
			if m.started.Load() > 1 {
				<-loading
			}
			return nil
		}
		e := open(t, engine.Config{Slots: 1, Sources: []engine.Source{m.source("1", 0)}})
		v, _ := e.Catalogue().Lookup("en-US-Model-A")
		book, err := e.Speak(t.Context(), engine.Batch, v, speech.Utterance{Text: "book"})
		if err != nil {
			t.Fatal(err)
		}
		hasty, cancel := context.WithCancel(t.Context())
		over, heard := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := e.Speak(hasty, engine.Interactive, v, speech.Utterance{Text: "one"})
			over <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-over; !errors.Is(err, context.Canceled) {
			t.Errorf("who gives up: %v", err)
		}
		go func() {
			listened, err := e.Speak(t.Context(), engine.Interactive, v, speech.Utterance{Text: "one"})
			if err == nil {
				_, err = audio.ReadAll(listened)
			}
			heard <- err
		}()
		synctest.Wait()
		close(gate)
		if _, err := audio.ReadAll(book); err != nil {
			t.Error(err)
		}
		if err := <-heard; err != nil {
			t.Error(err)
		}
		if n := m.started.Load(); n != 2 {
			t.Errorf("%d models were loaded, want one and a spare", n)
		}
		close(loading)
	})
}
