package enginetest

import (
	"context"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Harness is what the suite needs to know of an engine.
type Harness struct {
	// New makes an engine; the suite closes it.
	New func(t testing.TB) driver.Engine
	// Single says that one process can hold only one such engine at a time.
	Single bool
	// Voice is the engine's own name of the voice to use, best the fastest;
	// empty means its first.
	Voice string
	// Kill, when not nil, kills the process of an engine made by New.
	Kill func(t testing.TB, engine driver.Engine)
	// Children says that New starts child processes; the suite then checks
	// that none is left.
	Children bool
	// Hostile says that text of every kind is safe to give to the engine
	// in this process. Leave it false when a crash would take the tests along.
	Hostile bool
	// LongText is the length of the longest text, in bytes; 0 means 100,000.
	LongText int
}

// suite is a harness within one test.
type suite struct{ Harness }

// patience is how long anything may take that must not take long. It is
// generous since the machine may be busy; benchmarks measure how long it takes.
const patience = 10 * time.Second

// sentence is long enough for any engine to make several frames of it.
const sentence = "The quick brown fox jumps over the lazy dog while seven wizards watch from the hill"

// Run runs the suite.
func Run(t *testing.T, harness Harness) {
	if harness.LongText == 0 {
		harness.LongText = 100_000
	}
	s := suite{harness}
	before := children()
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"info", s.info},
		{"every voice speaks", s.everyVoice},
		{"nothing to speak", s.nothing},
		{"word events", s.wordEvents},
		{"pronunciations", s.pronunciations},
		{"transcription", s.transcription},
		{"cancel of a transcription", s.cancelTranscription},
		{"same twice", s.sameTwice},
		{"same always", s.sameAlways},
		{"rate", s.rate},
		{"pitch", s.pitch},
		{"unknown voice", s.unknownVoice},
		{"prosody out of range", s.prosodyOutOfRange},
		{"sink refuses", s.sinkRefuses},
		{"cancel before", s.cancelBefore},
		{"cancel at first sound", s.cancelAtFirstSound},
		{"cancel while the sink waits", s.cancelWhileSinkWaits},
		{"cancel after", s.cancelAfter},
		{"sixteen at once", s.sixteen},
		{"long text", s.longText},
		{"cancel of a long text", s.cancelLongText},
		{"hostile text", s.hostileText},
		{"killed while idle", s.killedIdle},
		{"killed within an utterance", s.killedWithin},
	} {
		t.Run(part.name, part.run)
	}
	if harness.Children {
		t.Run("no process left", func(t *testing.T) { noneLeft(t, before) })
	}
}

// open makes an engine that lives as long as the test.
func (s suite) open(t testing.TB) driver.Engine {
	t.Helper()
	engine := s.New(t)
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return engine
}

// say is an utterance for the harness's voice.
func (s suite) say(engine driver.Engine, text string) speech.Utterance {
	voice := s.Voice
	if voice == "" {
		voice = engine.Info().Voices[0].EngineName
	}
	return speech.Utterance{Text: text, Voice: voice}
}

// abilities are those of the harness's voice.
func (s suite) abilities(engine driver.Engine) driver.Abilities {
	return engine.Info().AbilitiesOf(s.say(engine, "").Voice)
}

// mustSpeak speaks u and returns what was heard.
func mustSpeak(t testing.TB, engine driver.Engine, u speech.Utterance) *Recorder {
	t.Helper()
	var heard Recorder
	if err := engine.Speak(context.Background(), u, &heard); err != nil {
		t.Fatalf("Speak(%.60q): %v", u.Text, err)
	}
	return &heard
}

// stillSpeaks fails the test unless engine speaks as if nothing had happened.
func (s suite) stillSpeaks(t testing.TB, engine driver.Engine) {
	t.Helper()
	if heard := mustSpeak(t, engine, s.say(engine, "good morning")); len(heard.Frames) == 0 {
		t.Fatal("the next utterance was silent")
	}
}
