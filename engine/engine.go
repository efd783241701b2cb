package engine

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// Class is how urgent an utterance is.
type Class int

const (
	// Interactive is for somebody who waits for the sound.
	Interactive Class = iota
	// Batch is for long work; it takes its turn when nobody else waits, and one
	// turn in eight when somebody does.
	Batch
)

// Abilities, Range and Event are the driver's own.
type (
	Abilities = driver.Abilities
	Range     = driver.Range
	Event     = driver.Event
)

// Config says how to open engines. Only Sources is required.
type Config struct {
	// Sources are the engines, the preferred first: of two voices that suit
	// a wish equally well, the one of the earlier source is chosen, and
	// within a source the earlier voice.
	Sources []Source
	// Slots is how many utterances are spoken at once over all engines;
	// 0 means as many as there are cores.
	Slots int
	// Queue is how many utterances of each class may wait; 0 means 256.
	Queue int
	// Memory is how many bytes the workers of sources that tell their size may
	// take together; 0 means no limit. Beyond it those that were used least
	// lately and do not speak are given up.
	Memory int64
	// ReplaceAfter is how many utterances a worker speaks before a fresh one
	// takes its place; 0 means 5000.
	ReplaceAfter int
	// Deadline is how long an engine may work on an utterance, time spent
	// waiting for the reader not counted; nil means 15 seconds
	// and 20 milliseconds for each byte of text, longer when it is spoken slower.
	Deadline func(speech.Utterance) time.Duration
	// Buffer is how many frames of one Speech are made ahead of its reader;
	// 0 means 524288 (1 MiB, about 24 seconds).
	Buffer int
	// Idle, when not nil, is called after each utterance, once its worker is
	// idle or was given up. For tests and measurements.
	Idle func(engine string)
	// Names are names that voices have beside their own.
	Names voices.Names
	// Log is where causes go; nil means slog.Default().
	Log *slog.Logger
}

// defaultDeadline is 15 seconds and 20 milliseconds for each byte of text,
// longer in proportion when the utterance is spoken slower.
func defaultDeadline(u speech.Utterance) time.Duration {
	perByte := float64(20*time.Millisecond) / min(1, max(u.Prosody.Speed(), 0.05))
	return 15*time.Second + time.Duration(float64(len(u.Text))*perByte)
}

// Engine is all engines behind one face. Make one with [Open].
type Engine struct {
	config Config
	slots  *slots
	memory *memory
	roster atomic.Pointer[roster]
	blocks sync.Pool // of *block

	ctx    context.Context // ends when Close begins
	cancel context.CancelCauseFunc
	mu     sync.Mutex // guards closed against running.Add
	closed bool
	// running counts speeches and workers that start or stop.
	running   sync.WaitGroup
	busy      atomic.Int64
	replacing sync.Mutex // held by Replace
}

var errClosed = fault.New(fault.Unavailable, "The server is shutting down.")

// Open starts one worker of each source that does not tell what its engine is,
// all at once, to learn its voices. ctx bounds that and nothing later.
//
// A source that does not start is logged and left out, and the catalogue's
// errors tell about it; Open fails only when the configuration is wrong: two
// sources or two voices of one name.
func Open(ctx context.Context, config Config) (*Engine, error) {
	if config.Slots <= 0 {
		config.Slots = runtime.GOMAXPROCS(0)
	}
	if config.Queue <= 0 {
		config.Queue = 256
	}
	if config.ReplaceAfter <= 0 {
		config.ReplaceAfter = 5000
	}
	if config.Deadline == nil {
		config.Deadline = defaultDeadline
	}
	if config.Buffer <= 0 {
		config.Buffer = 512 << 10
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	e := &Engine{config: config, slots: newSlots(config.Slots, config.Queue), memory: &memory{limit: config.Memory}, blocks: sync.Pool{New: func() any { return new(block) }}}
	e.ctx, e.cancel = context.WithCancelCause(context.Background())
	e.roster.Store(&roster{})
	if err := e.Replace(ctx, config.Sources); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// Catalogue is all voices of all engines as they are now. It never changes: when
// voices come or go there is another one.
func (e *Engine) Catalogue() *voices.Catalogue { return e.roster.Load().catalogue }

// Infos describes the engines that are available, in the order of the sources.
func (e *Engine) Infos() []driver.Info {
	var infos []driver.Info
	for _, p := range e.roster.Load().pools {
		if p.info.Name != "" {
			infos = append(infos, p.info)
		}
	}
	return infos
}

// InLanguage is the voice that says words of another language in the middle of
// what voice says: one of the same engine, as voices.InLanguage picks it.
func (e *Engine) InLanguage(voice speech.Voice, tag string) speech.Voice {
	r := e.roster.Load()
	p, _ := r.find(voice)
	if p == nil {
		return voice
	}
	return voices.InLanguage(r.siblings(p), voice, tag)
}

// Busy is how many workers speak at this moment.
func (e *Engine) Busy() int { return int(e.busy.Load()) }

// Waiting is how many utterances wait for a slot at this moment.
func (e *Engine) Waiting() int { return e.slots.waitingNow() }

// Speak is [Voice.Speak] of a voice of the catalogue.
func (e *Engine) Speak(ctx context.Context, class Class, voice speech.Voice, u speech.Utterance) (*Speech, error) {
	v, ok := e.found(e.roster.Load(), voice)
	if !ok {
		return nil, fault.Invalid(voices.FieldName, "Voice '%s' does not exist. Is it misspelled?", voice.Name)
	}
	return v.Speak(ctx, class, u)
}

// begin takes a slot and a worker for s and lets it run.
func (e *Engine) begin(s *Speech, class Class) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return errClosed
	}
	e.running.Add(1)
	e.mu.Unlock()

	// A model that loads takes no turn from others.
	if err := s.pool.ready(s.ctx); err != nil {
		e.running.Done()
		return err
	}
	if err := e.slots.acquire(s.ctx, class); err != nil {
		e.running.Done()
		return err
	}
	w, err := s.pool.take(s.ctx, class)
	if err != nil {
		e.slots.release(class)
		e.running.Done()
		return err
	}
	if class == Batch {
		s.pool.spare()
	}
	e.busy.Add(1)
	go func() {
		defer e.running.Done()
		s.run(w, class)
	}()
	return nil
}

// background runs f unless the engine is closed; Close waits for it.
func (e *Engine) background(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.running.Go(f)
	}
}

// Close ends every Speech, then every worker, and waits for them. A Speak that
// waits fails with UNAVAILABLE. Closing again does nothing.
func (e *Engine) Close() error {
	e.mu.Lock()
	again := e.closed
	e.closed = true
	e.mu.Unlock()
	if again {
		return nil
	}
	e.cancel(errClosed)
	e.replacing.Lock()
	defer e.replacing.Unlock()
	e.running.Wait()
	var errs []error
	for _, p := range e.roster.Load().pools {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}
