package worker_test

import (
	"context"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// steady is an engine that makes 10 seconds of sound for no work at all, in
// steps of 60 ms, with a word every 300 ms: what is left is the pipe's cost.
type steady struct{ *tone.Engine }

func (steady) Speak(_ context.Context, u speech.Utterance, sink driver.Sink) error {
	step := make([]int16, 16000*60/1000)
	for i := range 10_000 / 60 {
		if i%5 == 0 {
			at := int64(i * len(step))
			if err := sink.Event(driver.Event{Token: speech.Token{End: len(u.Text)}, StartFrame: at, EndFrame: at + 4800}); err != nil {
				return err
			}
		}
		if err := sink.Audio(step); err != nil {
			return err
		}
	}
	return nil
}

func BenchmarkPipe(b *testing.B) {
	p := start(b, "steady")
	defer p.Close()
	enginetest.Benchmark(b, p, "low")
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p, err := worker.Start(context.Background(), command(b, "tone"), worker.Options{})
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}
