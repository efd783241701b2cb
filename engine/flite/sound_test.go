package flite_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/flite"
	"github.com/lectern/lectern/speech"
)

func say(t testing.TB, u speech.Utterance) *enginetest.Recorder {
	t.Helper()
	var heard enginetest.Recorder
	if err := flite.New().Speak(context.Background(), u, &heard); err != nil {
		t.Fatalf("Speak(%q): %v", u.Text, err)
	}
	return &heard
}

// TestVoiceNames holds the public names: they never change and never go.
func TestVoiceNames(t *testing.T) {
	want := []string{"en-US-Flite-Slt female", "en-US-Flite-Rms male", "en-US-Flite-Awb male", "en-US-Flite-Kal16 male"}
	var got []string
	for _, v := range flite.New().Info().Voices {
		got = append(got, v.Name+" "+v.Gender.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("voices %q, want %q", got, want)
	}
}

func TestEventsPointIntoTheText(t *testing.T) {
	for text, want := range map[string][]string{
		"Room 123 is free.": {"Room", "123", "is", "free"},
		"café — “naïve” façade’s señor 😀 end": {"café", "naïve", "façade’s", "señor", "end"},
		"bad \xff byte":          {"bad", "byte"},
		"Straße":                 {"Straße"},
		`("well") -- no... yes!`: {"well", "no", "yes"},
		"a a aa a":               {"a", "a", "aa", "a"},
	} {
		heard := say(t, speech.Utterance{Text: text, Voice: "kal16"})
		enginetest.CheckEvents(t, text, heard)
		var got []string
		for _, e := range heard.Events {
			got = append(got, text[e.Token.Start:e.Token.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: events on %q, want %q", text, got, want)
		}
	}
}

func TestRate(t *testing.T) {
	const text = "the quick brown fox jumps over the lazy dog"
	for _, voice := range []string{"slt", "kal16"} {
		normal := float64(len(say(t, speech.Utterance{Text: text, Voice: voice}).Frames))
		for _, rate := range []float64{0.25, 0.5, 1.5, 2, 2.5} {
			got := normal / float64(len(say(t, speech.Utterance{Text: text, Voice: voice, Prosody: speech.Prosody{Rate: rate}}).Frames))
			if math.Abs(got/rate-1) > 0.03 {
				t.Errorf("%s: rate %g made it %.3f times as fast", voice, rate, got)
			}
		}
	}
}

func TestPitch(t *testing.T) {
	const text = "mama may marry a man in a merry mood"
	for _, voice := range []string{"slt", "awb"} {
		normal := enginetest.MedianPitch(say(t, speech.Utterance{Text: text, Voice: voice}).Frames, 16000)
		for _, semitones := range []float64{-12, -6, 6, 12} {
			u := speech.Utterance{Text: text, Voice: voice, Prosody: speech.Prosody{PitchSemitones: semitones}}
			got := enginetest.MedianPitch(say(t, u).Frames, 16000) / normal
			t.Logf("%s: %.0f Hz, %+g semitones give a factor of %.3f", voice, normal, semitones, got)
			if want := math.Exp2(semitones / 12); math.Abs(got/want-1) > 0.05 {
				t.Errorf("%s: %+g semitones changed the pitch by a factor of %.3f, want %.3f", voice, semitones, got, want)
			}
		}
	}
}
