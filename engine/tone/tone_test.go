package tone_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/speech"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New:     func(testing.TB) driver.Engine { return tone.New(tone.Options{}) },
		Hostile: true,
	})
}

// strength is how much of a frequency is in frames, by Goertzel's algorithm;
// a sine of the tone engine has about 1.
func strength(frames []int16, rate, frequency float64) float64 {
	twice := 2 * math.Cos(2*math.Pi*frequency/rate)
	var s1, s2 float64
	for _, f := range frames {
		s1, s2 = float64(f)/math.MaxInt16+twice*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - twice*s1*s2
	return math.Sqrt(power) * 2 / float64(len(frames)) / tone.Amplitude
}

func TestSoundHoldsTheText(t *testing.T) {
	const text, rate = "ab c9", 16000
	for _, prosody := range []speech.Prosody{{}, {Rate: 2}, {Rate: 0.5, PitchSemitones: 12}, {PitchSemitones: -12}} {
		var heard enginetest.Recorder
		u := speech.Utterance{Text: text, Voice: "low", Prosody: prosody}
		if err := tone.New(tone.Options{}).Speak(context.Background(), u, &heard); err != nil {
			t.Fatal(err)
		}
		n := tone.CharacterFrames(rate, prosody.Speed())
		if len(heard.Frames) != n*len(text) {
			t.Fatalf("%+v: %d frames, want %d", prosody, len(heard.Frames), n*len(text))
		}
		raise := math.Exp2(prosody.PitchSemitones / 12)
		for i, r := range text {
			block := heard.Frames[i*n : (i+1)*n]
			got := strength(block, rate, raise*tone.Frequency(r))
			if r == ' ' && enginetest.Peak(block) != 0 || r != ' ' && (got < 0.8 || got > 1.1) {
				t.Errorf("%+v: character %q sounds with strength %.2f", prosody, r, got)
			}
		}
	}
}

func TestHookEndsTheUtterance(t *testing.T) {
	broken := errors.New("broken")
	var asked []int
	engine := tone.New(tone.Options{Hook: func(_ context.Context, _ speech.Utterance, word int) error {
		asked = append(asked, word)
		if word == 2 {
			return broken
		}
		return nil
	}})
	var heard enginetest.Recorder
	err := engine.Speak(context.Background(), speech.Utterance{Text: "one two three four", Voice: "low"}, &heard)
	if err != broken || len(asked) != 3 || len(heard.Events) != 2 {
		t.Errorf("error %v after the words %v and %d events", err, asked, len(heard.Events))
	}
}

func TestNoProsody(t *testing.T) {
	engine := tone.New(tone.Options{NoProsody: true})
	err := engine.Speak(context.Background(), speech.Utterance{Text: "a", Voice: "low", Prosody: speech.Prosody{Rate: 2}}, &enginetest.Meter{})
	if !errors.Is(err, driver.ErrProsody) {
		t.Errorf("a rate without the ability: %v, want ErrProsody", err)
	}
}
