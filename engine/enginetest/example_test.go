package enginetest_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
)

// buzzer is an engine that buzzes, as long as a text has bytes.
type buzzer struct{}

const buzzRate = 8000

func (buzzer) Info() driver.Info {
	return driver.Info{
		Name: "buzzer", Version: "1", License: "Apache-2.0",
		Voices:    []speech.Voice{{Name: "en-US-Buzzer", Languages: []string{"en-US"}, Gender: speech.Neutral, NaturalSampleRateHertz: buzzRate, EngineName: "only"}},
		Abilities: driver.Abilities{Deterministic: true},
	}
}

func (b buzzer) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if u.Voice != "only" {
		return driver.ErrVoice
	}
	if err := b.Info().Abilities.Check(u.Prosody); err != nil {
		return err
	}
	var block [buzzRate / 20]int16 // 50 ms
	for i := range block {
		block[i] = int16(i%80*100 - 4000)
	}
	for range len(u.Text) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := sink.Audio(block[:]); err != nil {
			return err
		}
	}
	return nil
}

func (buzzer) Close() error { return nil }

// TestBuzzer is all that the engine needs of tests.
func TestBuzzer(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: func(testing.TB) driver.Engine { return buzzer{} }, LongText: 1000})
}

// An engine of one's own: a driver, proved by enginetest.Run as TestBuzzer does. Here
// it speaks, beside others if there were any.
func Example() {
	ctx := context.Background()
	engines, err := engine.Open(ctx, engine.Config{Sources: []engine.Source{{
		Name:  "buzzer",
		Start: func(context.Context) (driver.Engine, error) { return buzzer{}, nil },
	}}})
	if err != nil {
		log.Fatal(err)
	}
	defer engines.Close()
	voice, err := engines.Catalogue().Match(voices.Wish{Language: "en-US"})
	if err != nil {
		log.Fatal(err)
	}
	said, err := engines.Speak(ctx, engine.Interactive, voice, speech.Utterance{Text: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	defer said.Close()
	sound, err := audio.ReadAll(said)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(voice.Name, "buzzes for", sound.Rate.Duration(audio.Frames(len(sound.Samples))))
	// Output: en-US-Buzzer buzzes for 250ms
}
