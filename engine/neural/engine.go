package neural

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/speech"
)

// Word is one spoken word of an utterance, or a sign such as a comma.
type Word struct {
	// Token is its place in the text.
	speech.Token
	// Phonemes are in the model's vocabulary; what is not is passed over.
	Phonemes string
	// Space says that the next word stands apart from it.
	Space bool
	// Given says that the phonemes are the caller's own, for just this token.
	Given bool
}

// Reader puts text into phonemes. It may be used by many goroutines at once.
type Reader interface {
	// Read reads u.Text, with u.Pronunciations in place of what they are for.
	// The words are in order and do not overlap. An error is driver.ErrFailed.
	Read(u speech.Utterance) ([]Word, error)
}

// Voice is a voice that is open.
type Voice struct {
	Model  acoustic.Model
	Reader Reader
}

// Engine speaks with the voices of info. It implements driver.Engine.
type Engine struct {
	info driver.Info
	open func(voice speech.Voice) (Voice, error)

	mu     sync.Mutex
	voices map[string]Voice // those that are open, by EngineName
}

var _ driver.Engine = (*Engine)(nil)

// New makes an engine. open opens one of info's voices when it is first needed;
// it is called by one goroutine at a time, and Close closes the model.
func New(info driver.Info, open func(voice speech.Voice) (Voice, error)) *Engine {
	return &Engine{info: info, open: open, voices: map[string]Voice{}}
}

// Info tells what the engine is.
func (e *Engine) Info() driver.Info { return e.info }

// Warm opens a voice and lets it say something to nobody, since a network's first
// run takes four times as long as the others.
func (e *Engine) Warm(engineName string) error {
	voice, err := e.voice(engineName)
	if err != nil {
		return err
	}
	var known []rune
	for _, phoneme := range "həlˈO wˈɜɹld, aɪ ˈʌ." {
		if voice.Model.Knows(phoneme) {
			known = append(known, phoneme)
		}
	}
	if len(known) == 0 {
		return nil
	}
	return voice.Model.Speak(context.Background(), acoustic.Input{Phonemes: known, Speed: 1}, nobody{})
}

type nobody struct{}

func (nobody) Durations([]int) error { return nil }
func (nobody) Audio([]float32) error { return nil }

// voice opens a voice, if it is not open yet.
func (e *Engine) voice(engineName string) (Voice, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if voice, ok := e.voices[engineName]; ok {
		return voice, nil
	}
	for _, v := range e.info.Voices {
		if v.EngineName != engineName {
			continue
		}
		voice, err := e.open(v)
		if err != nil {
			return Voice{}, fmt.Errorf("%w: the voice %s cannot be opened: %w", driver.ErrFailed, v.Name, err)
		}
		e.voices[engineName] = voice
		return voice, nil
	}
	return Voice{}, fmt.Errorf("%w: %q", driver.ErrVoice, engineName)
}

// Close closes every voice that is open.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for name, voice := range e.voices {
		errs = append(errs, voice.Model.Close())
		delete(e.voices, name)
	}
	return errors.Join(errs...)
}
