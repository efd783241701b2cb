package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/speech"
)

// A text of some minutes is long for a network, and takes seconds.
const longText = 2500

func TestHibari(t *testing.T) {
	dir := needs.Voices(t, "heart")
	enginetest.Run(t, enginetest.Harness{Hostile: true, LongText: longText, New: func(t testing.TB) driver.Engine {
		return mustOpen(t, dir, "hibari/heart")
	}})
}

func TestPiper(t *testing.T) {
	dir, espeak := needs.Voices(t, "joe"), espeakWorker(t)
	enginetest.Run(t, enginetest.Harness{LongText: longText, New: func(t testing.TB) driver.Engine {
		return read(t, mustOpen(t, dir, "piper/joe"), espeak)
	}})
}

// Kokoro needs a second for two of speech, and the suite speaks for half an hour:
// it runs under `make proof`.
func TestKokoro(t *testing.T) {
	if os.Getenv("LECTERN_PROOF") == "" {
		t.Skip("it takes a quarter of an hour: make proof runs it")
	}
	dir := needs.Voices(t, "af_heart", "am_michael")
	enginetest.Run(t, enginetest.Harness{Hostile: true, LongText: 500, New: func(t testing.TB) driver.Engine {
		return mustOpen(t, dir, "kokoro/kokoro")
	}})
}

func TestKokoroSpeaks(t *testing.T) {
	e := mustOpen(t, needs.Voices(t, "af_heart", "am_michael"), "kokoro/kokoro")
	defer e.Close()
	heard := map[string]*enginetest.Recorder{}
	for _, voice := range []string{"af_heart", "am_michael"} {
		heard[voice] = &enginetest.Recorder{}
		if err := e.Speak(t.Context(), speech.Utterance{Text: "Good morning, all.", Voice: voice}, heard[voice]); err != nil {
			t.Fatal(err)
		}
		if n := len(heard[voice].Events); n != 3 || len(heard[voice].Frames) < 24000/2 {
			t.Errorf("%s: %d words and %d frames", voice, n, len(heard[voice].Frames))
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	cancel(stop)
	if err := e.Speak(ctx, speech.Utterance{Text: "Good morning.", Voice: "af_heart"}, &enginetest.Recorder{}); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func mustOpen(t testing.TB, dir, model string) driver.Engine {
	t.Helper()
	e, err := open(dir, model)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// reading is an engine that has its text read by another, as package engine does.
type reading struct {
	driver.Engine
	reader *worker.Process
}

// read lends e a reader of its own, which ends with it.
func read(t testing.TB, e driver.Engine, espeak string) driver.Engine {
	t.Helper()
	reader, err := worker.Start(context.Background(), worker.Command{Path: espeak}, worker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return reading{e, reader}
}

func (r reading) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	by := r.Info().AbilitiesOf(u.Voice).TranscribedBy
	if by == "" {
		return r.Engine.Speak(ctx, u, sink)
	}
	asked := u
	asked.Voice = by
	told, err := r.reader.Transcribe(ctx, asked)
	if err != nil {
		return err
	}
	u.Transcribed = told
	return r.Engine.Speak(ctx, u, sink)
}

func (r reading) Close() error { return errors.Join(r.Engine.Close(), r.reader.Close()) }

// espeakWorker is the worker that reads, as `make build` leaves it.
func espeakWorker(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/lectern-espeak")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		needs.Missing(t, "%s is not built (make build)", path)
	}
	return path
}
