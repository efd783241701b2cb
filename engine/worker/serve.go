package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// grace is how long an engine has to stop before it is given up.
const grace = 100 * time.Millisecond

var (
	errCanceled = errors.New("the parent canceled the utterance")
	errHungUp   = errors.New("the parent hung up")
)

// Serve is the whole of a worker's main: it tells the parent what engine is,
// then speaks utterances until stdin ends (and returns nil), ctx ends, or the
// parent breaks the protocol. When it returns while the engine still works,
// because the engine did not stop in time, the program must exit: main should
// do nothing but that. Serve does not close engine.
func Serve(ctx context.Context, engine driver.Engine, stdin io.Reader, stdout io.Writer) error {
	out := newVoiceWriter(stdout)
	if err := out.writeJSON(readyFrame, engine.Info()); err != nil {
		return err
	}
	ctx, hangUp := context.WithCancelCause(ctx)
	defer hangUp(errHungUp)

	orders := make(chan order, 1)
	spoken := make(chan error, 1)
	go func() { spoken <- speakAll(ctx, engine, orders, out) }()

	heard := make(chan error, 1)
	go func() { heard <- listen(ctx, stdin, orders) }()

	select {
	case err := <-spoken:
		return err
	case err := <-heard:
		hangUp(errHungUp)
		wait(spoken)
		return err
	case <-ctx.Done():
		wait(spoken)
		return context.Cause(ctx)
	}
}

// serveFailure tells the parent that there is no engine, and why, in place of
// [Serve]. The message reaches the operator.
func serveFailure(cause error, stdout io.Writer) error {
	return newVoiceWriter(stdout).writeJSON(errorFrame, failureOf(cause))
}

// wait waits for the engine to stop, but not for ever.
func wait(spoken <-chan error) {
	select {
	case <-spoken:
	case <-time.After(grace):
	}
}

// order is one utterance to speak or to transcribe, and the context that a
// cancel ends.
type order struct {
	ctx        context.Context
	cancel     context.CancelCauseFunc
	utterance  speech.Utterance
	transcribe bool
}

// listen reads frames from the parent; nil means that it hung up in order. A
// cancel is for the latest utterance and does nothing when that is over, since
// both ends may send at the same moment.
func listen(ctx context.Context, stdin io.Reader, orders chan<- order) error {
	in := bufio.NewReader(stdin)
	var header [headerBytes]byte
	cancel := func(error) {}
	defer func() { cancel(errHungUp) }()
	for {
		t, n, err := readHeader(in, &header)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("worker: reading from the parent: %w", err)
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(in, payload); err != nil {
			return fmt.Errorf("worker: reading from the parent: %w", err)
		}
		switch t {
		case speakFrame, transcribeFrame:
			o := order{transcribe: t == transcribeFrame}
			if err := json.Unmarshal(payload, &o.utterance); err != nil {
				return fmt.Errorf("worker: the parent sent an utterance that cannot be read: %w", err)
			}
			o.ctx, o.cancel = context.WithCancelCause(ctx)
			cancel = o.cancel
			select {
			case orders <- o:
			default:
				return errors.New("worker: the parent sent an utterance before the end of the last one")
			}
		case cancelFrame:
			cancel(errCanceled)
		default:
			return fmt.Errorf("worker: the parent sent a frame of unknown type %q", t)
		}
	}
}

// speakAll carries out one order after the other.
func speakAll(ctx context.Context, engine driver.Engine, orders <-chan order, out *voiceWriter) error {
	rates := map[string]int{}
	for _, v := range engine.Info().Voices {
		rates[v.EngineName] = v.NaturalSampleRateHertz
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case o := <-orders:
			out.begin(rates[o.utterance.Voice], o.utterance.Patient)
			err := carryOut(engine, o, out)
			o.cancel(nil)
			if err := out.end(err); err != nil {
				return fmt.Errorf("worker: writing to the parent: %w", err)
			}
			if errors.Is(err, driver.ErrCrashed) {
				return err
			}
		}
	}
}

func carryOut(engine driver.Engine, o order, out *voiceWriter) error {
	if !o.transcribe {
		return engine.Speak(o.ctx, o.utterance, out)
	}
	transcriber, ok := engine.(driver.Transcriber)
	if !ok {
		return fmt.Errorf("%w: it does not transcribe", driver.ErrFailed)
	}
	words, err := transcriber.Transcribe(o.ctx, o.utterance)
	if err != nil {
		return err
	}
	return out.transcribed(words)
}
