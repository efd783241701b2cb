package engine

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// Speech is the sound of one utterance while it is made. It is an
// audio.Stream at the voice's natural sample rate. The engine runs ahead of
// the reader by a bounded number of frames, and its worker is free as soon as
// the last frame is made.
//
// When the context given to Speak ends before that, Read returns its cause, and
// sound that was not read yet is lost. What an engine made before it failed is
// still read.
type Speech struct {
	engine    *Engine
	pool      *pool
	voice     speech.Voice
	utterance speech.Utterance

	ctx    context.Context
	cancel context.CancelCauseFunc
	stop   func() bool   // ends the tie to the engine's context
	done   chan struct{} // closed when the worker is free

	mu      sync.Mutex
	changed sync.Cond
	backlog backlog
	events  []Event
	made    int64 // frames
	ended   bool
	err     error // why, once ended; io.EOF when well

	limit *time.Timer // runs while the engine works
	left  time.Duration
	since time.Time
}

var errSpeechClosed = errors.New("engine: the speech was closed")

func newSpeech(ctx context.Context, e *Engine, p *pool, voice speech.Voice, u speech.Utterance) *Speech {
	s := &Speech{engine: e, pool: p, voice: voice, utterance: u, done: make(chan struct{}), backlog: backlog{blocks: &e.blocks}}
	s.changed.L = &s.mu
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.stop = context.AfterFunc(e.ctx, func() { s.cancel(context.Cause(e.ctx)) })
	return s
}

// Voice is the voice that speaks.
func (s *Speech) Voice() speech.Voice { return s.voice }

// SampleRate is the voice's natural sample rate.
func (s *Speech) SampleRate() audio.SampleRate {
	return audio.SampleRate(s.voice.NaturalSampleRateHertz)
}

// Read fills p with the next frames, full scale at ±1, as audio.Stream says.
// An error other than io.EOF is a *fault.Error or the context's cause.
func (s *Speech) Read(p []float32) (int, error) {
	return s.next(len(p), func(made []int16) {
		for i, frame := range made {
			p[i] = float32(frame) / (1 << 15)
		}
	})
}

// ReadFrames is Read without conversion: the engine's own 16-bit frames.
func (s *Speech) ReadFrames(p []int16) (int, error) {
	return s.next(len(p), func(made []int16) { copy(p, made) })
}

// next waits for frames and hands out up to n of them.
func (s *Speech) next(n int, take func([]int16)) (int, error) {
	if n == 0 {
		return 0, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.backlog.frames == 0 && !s.ended {
		s.changed.Wait()
	}
	if s.backlog.frames == 0 {
		return 0, s.err
	}
	n = s.backlog.take(n, take)
	s.changed.Broadcast()
	return n, nil
}

// Events are the places of the words that are known by now, in order. They are
// complete when Read has returned io.EOF, and empty when the engine has none.
func (s *Speech) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// Close stops the engine's work on the utterance if there is any left, and
// returns when the worker is free. Later Reads fail. Closing again does nothing.
func (s *Speech) Close() error {
	s.cancel(errSpeechClosed)
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	s.backlog.drop()
	if !s.ended || s.err == io.EOF {
		s.ended, s.err = true, errSpeechClosed
	}
	return nil
}

// run lets w speak and then gives back what was taken for it.
func (s *Speech) run(w *worker, class Class) {
	err := s.speak(w)
	s.stop()
	s.engine.busy.Add(-1)
	s.engine.slots.release(class)
	if s.engine.config.Idle != nil {
		s.engine.config.Idle(s.pool.source.Name)
	}

	s.mu.Lock()
	s.ended, s.err = true, err
	if s.ctx.Err() != nil && err != io.EOF {
		s.backlog.drop()
	}
	s.changed.Broadcast()
	s.mu.Unlock()
	close(s.done)
	s.cancel(err)
}

// speak says the utterance, on a second worker if the first one crashed
// silently, and returns io.EOF or what the reader shall see.
func (s *Speech) speak(w *worker) error {
	wake := context.AfterFunc(s.ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	defer wake()
	allowed := time.Duration(float64(s.engine.config.Deadline(s.utterance)) * max(1, s.pool.source.Patience))
	s.limit, s.left, s.since = time.AfterFunc(allowed, func() { s.cancel(errOverdue) }), allowed, time.Now()
	defer s.limit.Stop()

	if by := s.pool.info.AbilitiesOf(s.voice.EngineName).TranscribedBy; by != "" {
		read, err := s.transcribe(s.utterance, by)
		if err != nil {
			s.pool.done(w, nil)
			return s.outcome(err)
		}
		s.utterance.Transcribed = read
	}
	err := w.Speak(s.ctx, s.utterance, (*sink)(s))
	s.pool.done(w, err)
	if errors.Is(err, driver.ErrCrashed) && s.ctx.Err() == nil {
		pause := s.pool.failed()
		s.engine.config.Log.Warn("engine crashed", "engine", s.pool.source.Name, "voice", s.voice.Name, "frames", s.made, "cause", err)
		if s.made == 0 && pause == 0 {
			s.mu.Lock()
			s.events = nil
			s.mu.Unlock()
			if w, err = s.pool.fresh(s.ctx); err != nil {
				return err
			}
			err = w.Speak(s.ctx, s.utterance, (*sink)(s))
			s.pool.done(w, err)
		}
	}
	return s.outcome(err)
}

// outcome turns the engine's answer into what the reader shall see.
func (s *Speech) outcome(err error) error {
	if err == nil {
		return io.EOF
	}
	name := s.pool.source.Name
	if _, told := errors.AsType[*fault.Error](err); told {
		return err
	}
	if s.ctx.Err() != nil {
		cause := context.Cause(s.ctx)
		if errors.Is(cause, errOverdue) {
			s.engine.config.Log.Warn("engine took too long", "engine", name, "voice", s.voice.Name, "bytes", len(s.utterance.Text), "cause", err)
			return fault.New(fault.Internal, "The engine %s took too long to speak a sentence and was stopped. Try a shorter sentence.", name).Because(err)
		}
		return cause
	}
	return internal(name, err)
}

var errOverdue = errors.New("engine: the utterance's deadline is over")

// internal is the fault for an engine's error that no caller can help.
func internal(name string, err error) *fault.Error {
	switch {
	case errors.Is(err, driver.ErrCrashed):
		return fault.New(fault.Internal, "The engine %s crashed while it spoke a sentence of this text.", name).Because(err)
	case errors.Is(err, driver.ErrFailed):
		return fault.New(fault.Internal, "The engine %s could not speak a sentence of this text.", name).Because(err)
	}
	return fault.New(fault.Internal, "The engine %s refused a sentence of this text. The server's log has the cause.", name).Because(err)
}
