package synth_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/synth"
)

// openPipeline opens a pipeline whose one engine sings tones. A program that is not an
// example has better engines: worker.Starter brings one in a process of its own.
func openPipeline(ctx context.Context) (*synth.Synth, *engine.Engine) {
	engines, err := engine.Open(ctx, engine.Config{Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		log.Fatal(err)
	}
	return synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(wav.Linear16())}), engines
}

// A sentence becomes a WAV file.
func Example() {
	ctx := context.Background()
	pipeline, engines := openPipeline(ctx)
	defer engines.Close()

	plan, err := pipeline.Plan(ctx, synth.Request{
		Text:     "Hello, world.",
		Voice:    voices.Wish{Language: "en-US"},
		Encoding: "LINEAR16",
	})
	if err != nil {
		log.Fatal(err)
	}
	const most = 10 << 20 // bytes of sound
	sound, spoken, err := pipeline.File(ctx, engine.Interactive, plan, most)
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "hello")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "hello.wav"), sound, 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s says it in %v, which are %d bytes\n", plan.Voice, plan.SampleRate.Duration(spoken.Frames), len(sound))
	// Output: en-US-Tone-1 says it in 390ms, which are 12524 bytes
}

// A document has marks, and the sound says when they are reached.
func Example_marks() {
	ctx := context.Background()
	pipeline, engines := openPipeline(ctx)
	defer engines.Close()

	plan, err := pipeline.Plan(ctx, synth.Request{
		SSML:     `<speak>Ready, <break time="500ms"/><mark name="go"/>steady, go. <mark name="end"/></speak>`,
		Voice:    voices.Wish{Language: "en-US"},
		Encoding: "LINEAR16",
	})
	if err != nil {
		log.Fatal(err)
	}
	const most = 10 << 20 // bytes of sound
	_, spoken, err := pipeline.File(ctx, engine.Interactive, plan, most)
	if err != nil {
		log.Fatal(err)
	}
	for _, cue := range spoken.Cues {
		fmt.Println(cue.Mark, "at", plan.SampleRate.Duration(cue.Frame))
	}
	// Output:
	// go at 680ms
	// end at 1.01s
}
