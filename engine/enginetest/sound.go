package enginetest

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

func (s suite) info(t *testing.T) {
	info := s.open(t).Info()
	if info.Name == "" || info.Name != strings.ToLower(info.Name) {
		t.Errorf("Name %q is not lower-case ASCII", info.Name)
	}
	if info.Version == "" || info.License == "" || len(info.Voices) == 0 {
		t.Errorf("version %q, license %q and %d voices: none may be empty", info.Version, info.License, len(info.Voices))
	}
	names, engineNames := map[string]bool{}, map[string]bool{}
	for _, v := range info.Voices {
		if names[strings.ToLower(v.Name)] || engineNames[v.EngineName] {
			t.Errorf("voice %q (%q) is there twice", v.Name, v.EngineName)
		}
		names[strings.ToLower(v.Name)], engineNames[v.EngineName] = true, true
		if len(v.Languages) == 0 || !strings.HasPrefix(v.Name, v.Languages[0]+"-") {
			t.Errorf("voice %q does not begin with the first of its languages %q", v.Name, v.Languages)
		}
		if v.NaturalSampleRateHertz < 8000 {
			t.Errorf("voice %q has a sample rate of %d Hz", v.Name, v.NaturalSampleRateHertz)
		}
	}
	for _, r := range []driver.Range{info.Abilities.Rate, info.Abilities.PitchSemitones} {
		if r.Min > r.Max {
			t.Errorf("range %v is upside down", r)
		}
	}
	if r := info.Abilities.Rate; r != (driver.Range{}) && !r.Holds(1) {
		t.Errorf("rates %v do not hold 1", r)
	}
}

func (s suite) everyVoice(t *testing.T) {
	engine := s.open(t)
	for _, v := range engine.Info().Voices {
		heard := mustSpeak(t, engine, speech.Utterance{Text: "1 2 3 mama", Voice: v.EngineName})
		if len(heard.Frames) < v.NaturalSampleRateHertz/20 || Peak(heard.Frames) < 500 {
			t.Errorf("voice %s said 1 2 3 mama in %d frames with a peak of %d", v.Name, len(heard.Frames), Peak(heard.Frames))
		}
	}
}

func (s suite) nothing(t *testing.T) {
	engine := s.open(t)
	for _, text := range []string{"", " ", "\n\t", "...", "?!"} {
		mustSpeak(t, engine, s.say(engine, text))
	}
	s.stillSpeaks(t, engine)
}

func (s suite) wordEvents(t *testing.T) {
	engine := s.open(t)
	for _, text := range []string{
		sentence,
		"one, two; three. four",
		"café — “naïve” façade’s señor 😀 end",
		"a  b   c",
		"room 101 and 1 more",
	} {
		heard := mustSpeak(t, engine, s.say(engine, text))
		CheckEvents(t, text, heard)
		if !engine.Info().Abilities.WordEvents {
			if len(heard.Events) > 0 {
				t.Errorf("%q has events, of which Abilities say nothing", text)
			}
			continue
		}
		if want := len(strings.Fields(sentence)); text == sentence && len(heard.Events) != want {
			t.Errorf("%q has %d events for %d words", text, len(heard.Events), want)
		}
		if len(heard.Events) < 3 {
			t.Errorf("%q has only %d events", text, len(heard.Events))
		}
	}
}

// CheckEvents fails the test unless the events are in order, within the text
// and the sound, and each on a word of its own.
func CheckEvents(t testing.TB, text string, heard *Recorder) {
	t.Helper()
	last := driver.Event{}
	for i, e := range heard.Events {
		switch {
		case e.Token.Start < 0 || e.Token.End <= e.Token.Start || e.Token.End > len(text):
			t.Fatalf("event %d of %.60q has the token %v", i, text, e.Token)
		case e.StartFrame < last.StartFrame || e.EndFrame < e.StartFrame || e.EndFrame > int64(len(heard.Frames)):
			t.Fatalf("event %d of %.60q has frames %d to %d of %d, after one at %d",
				i, text, e.StartFrame, e.EndFrame, len(heard.Frames), last.StartFrame)
		case i > 0 && e.Token.Start < last.Token.End:
			t.Fatalf("event %d of %.60q has the token %v, after %v", i, text, e.Token, last.Token)
		case strings.TrimSpace(text[e.Token.Start:e.Token.End]) != text[e.Token.Start:e.Token.End]:
			t.Fatalf("event %d of %.60q is %q, with white space around", i, text, text[e.Token.Start:e.Token.End])
		}
		last = e
	}
}

func (s suite) sameTwice(t *testing.T) {
	engine := s.open(t)
	first := mustSpeak(t, engine, s.say(engine, sentence))
	mustSpeak(t, engine, s.say(engine, "something else in between"))
	second := mustSpeak(t, engine, s.say(engine, sentence))
	if engine.Info().Abilities.Deterministic {
		if !slices.Equal(first.Frames, second.Frames) || !slices.Equal(first.Events, second.Events) {
			t.Error("the engine calls itself deterministic, and the same utterance gave other frames or events")
		}
		return
	}
	if ratio := float64(len(first.Frames)) / float64(len(second.Frames)); math.Abs(ratio-1) > 0.02 {
		t.Errorf("the same utterance had %d and then %d frames", len(first.Frames), len(second.Frames))
	}
}

// rate checks that the length of the sound follows the rate. Pauses need not
// follow it exactly.
func (s suite) rate(t *testing.T) {
	engine := s.open(t)
	can := s.abilities(engine).Rate
	if can == (driver.Range{}) {
		t.Skip("the engine has no native rate")
	}
	normal := float64(len(mustSpeak(t, engine, s.say(engine, sentence)).Frames))
	for _, rate := range []float64{can.Min, 0.8, 1.25, can.Max} {
		if !can.Holds(rate) {
			continue
		}
		u := s.say(engine, sentence)
		u.Prosody.Rate = rate
		got := normal / float64(len(mustSpeak(t, engine, u).Frames))
		if math.Abs(got/rate-1) > 0.15 {
			t.Errorf("rate %g made it %.2f times as fast", rate, got)
		}
	}
}

// pitch checks that the ends of the range are spoken at about the same speed;
// the pitch itself is for the engine's own tests to measure.
func (s suite) pitch(t *testing.T) {
	engine := s.open(t)
	can := s.abilities(engine).PitchSemitones
	if can == (driver.Range{}) {
		t.Skip("the engine has no native pitch")
	}
	normal := mustSpeak(t, engine, s.say(engine, sentence))
	for _, pitch := range []float64{can.Min, can.Max} {
		u := s.say(engine, sentence)
		u.Prosody.PitchSemitones = pitch
		heard := mustSpeak(t, engine, u)
		if ratio := float64(len(heard.Frames)) / float64(len(normal.Frames)); math.Abs(ratio-1) > 0.05 {
			t.Errorf("pitch %+g made it %.2f times as long", pitch, ratio)
		}
		if pitch != 0 && slices.Equal(heard.Frames, normal.Frames) {
			t.Errorf("pitch %+g changed nothing", pitch)
		}
	}
}
