package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

const speechCallers = 16

// throughput is how much of an engine's speed is left when it is asked through
// the API.
//
// Method: 16 callers, which share one gRPC connection, ask SynthesizeSpeech for
// sentences of the book, LINEAR16 at the voice's own rate, as fast as they are
// answered; callers and server share the cores. The reference is the same
// sentences spoken by bare workers, as many as the server has slots (one for
// each core), each in a loop in this process that throws the sound away. Both
// are counted for 5 s after a warm-up (1.5 s with -quick), in turn, five times
// (twice); the medians of sentences per second are compared.
func throughput(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "throughput")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	texts := sentencesOf(alice, 200)
	if len(texts) < 50 {
		return nil, errors.New("the book has no sentences")
	}
	var rows []row
	for _, engine := range []struct{ voice, binary string }{{espeak, "lectern-espeak"}, {fliteSlow, "lectern-flite"}} {
		r, err := throughputOf(ctx, l, s, engine.voice, worker.Command{Path: l.binary(engine.binary)}, worker.Options{}, texts, 0.80)
		if err != nil {
			return rows, fmt.Errorf("%s: %w: %s", engine.voice, err, s.lastWords())
		}
		rows = append(rows, r)
	}
	return rows, s.stop()
}

func throughputOf(ctx context.Context, l *lab, s *server, part string, command worker.Command, options worker.Options, texts []string, bar float64) (row, error) {
	v, err := s.voice(ctx, part)
	if err != nil {
		return row{}, err
	}
	bare, err := newBareWorkers(ctx, command, options, v.Name, texts, runtime.NumCPU())
	if err != nil {
		return row{}, err
	}
	defer bare.close()
	span := 5 * time.Second
	if l.quick {
		span = 1500 * time.Millisecond
	}
	var served, alone []float64
	for range l.count(5, 2) {
		n, err := callsPerSecond(ctx, s.address, 1, speechCallers, span, func(ctx context.Context, c *client, n int) error {
			sound, err := c.say(ctx, v, texts[n%len(texts)])
			if err == nil && len(sound) < 1000 {
				err = fmt.Errorf("a sentence became %d bytes", len(sound))
			}
			return err
		})
		if err != nil {
			return row{}, err
		}
		served = append(served, n)
		if n, err = bare.perSecond(ctx, span); err != nil {
			return row{}, err
		}
		alone = append(alone, n)
	}
	x := middle(served) / middle(alone)
	return row{
		name:      fmt.Sprintf("SynthesizeSpeech at %d callers, sentences, %s", speechCallers, v.Name),
		bar:       fmt.Sprintf(">= %.2f x bare workers", bar),
		measured:  fmt.Sprintf("%.1f/s of %.1f", middle(served), served),
		reference: fmt.Sprintf("%d bare workers: %.1f/s of %.1f", len(bare.workers), middle(alone), alone),
		ratio:     fmt.Sprintf("%.2f", x),
		verdict:   judge(x >= bar),
	}, nil
}

// bareWorkers are an engine's workers without a server.
type bareWorkers struct {
	workers []*worker.Process
	voice   string // the engine's own name
	texts   []string
}

func newBareWorkers(ctx context.Context, command worker.Command, options worker.Options, voice string, texts []string, n int) (*bareWorkers, error) {
	b := &bareWorkers{texts: texts}
	command.Env = plainEnvironment()
	for range n {
		p, err := worker.Start(ctx, command, options)
		if err != nil {
			b.close()
			return nil, err
		}
		b.workers = append(b.workers, p)
	}
	for _, v := range b.workers[0].Info().Voices {
		if v.Name == voice {
			b.voice = v.EngineName
		}
	}
	if b.voice == "" {
		b.close()
		return nil, fmt.Errorf("the worker has no voice %s", voice)
	}
	return b, nil
}

func (b *bareWorkers) close() {
	for _, p := range b.workers {
		p.Close()
	}
}

// perSecond lets every worker speak sentence after sentence and counts those
// of span after a warm-up.
func (b *bareWorkers) perSecond(ctx context.Context, span time.Duration) (float64, error) {
	return perSecond(ctx, len(b.workers), span, func(ctx context.Context, caller, n int) error {
		u := speech.Utterance{Text: b.texts[n%len(b.texts)], Voice: b.voice}
		return b.workers[caller].Speak(context.WithoutCancel(ctx), u, nowhere{}) // to its end: it is needed again
	})
}

// nowhere is a sink that throws everything away.
type nowhere struct{}

func (nowhere) Audio([]int16) error      { return nil }
func (nowhere) Event(driver.Event) error { return nil }
