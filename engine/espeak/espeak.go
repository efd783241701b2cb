// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

/*
#cgo LDFLAGS: -lespeak-ng
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Name is the engine's name.
const Name = "espeak"

// normalRate is the voices' own speed, in words per minute.
const normalRate = 175

// taken says that the process has its engine.
var taken atomic.Bool

// Engine is espeak-ng; it implements driver.Engine.
type Engine struct {
	info    driver.Info
	voices  map[string]bool
	current string // the voice that is selected
}

var _ driver.Engine = (*Engine)(nil)

// Open makes the process's engine. It fails when espeak-ng's dictionaries are
// not installed, or when there was an engine before: the library cannot be
// started twice.
func Open() (*Engine, error) {
	if taken.Swap(true) {
		return nil, errors.New("espeak: there is an engine in this process already")
	}
	message := (*C.char)(C.malloc(512))
	defer C.free(unsafe.Pointer(message))
	rate := int(C.lectern_open(message, 512))
	if rate == 0 {
		return nil, fmt.Errorf("espeak: %s", C.GoString(message))
	}
	installed := installedVoices()
	e := &Engine{voices: map[string]bool{}, info: driver.Info{
		Name:    Name,
		Version: C.GoString(C.espeak_Info(nil)),
		License: "GPL-3.0-or-later",
		Abilities: driver.Abilities{
			Rate:       driver.Range{Min: 0.48, Max: 3.9},
			WordEvents: true,
		},
	}}
	for _, r := range table {
		if installed[withoutVariant(r.engineName)] {
			e.info.Voices = append(e.info.Voices, r.voice(rate))
			e.voices[r.engineName] = true
		}
	}
	if len(e.info.Voices) == 0 {
		return nil, errors.New("espeak: no voices are installed")
	}
	return e, nil
}

// Info tells what the engine is.
func (e *Engine) Info() driver.Info { return e.info }

// Close does nothing: the library stays as it is until the process ends.
func (e *Engine) Close() error { return nil }

// Speak reads u aloud.
func (e *Engine) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !e.voices[u.Voice] {
		return fmt.Errorf("%w: %q", driver.ErrVoice, u.Voice)
	}
	if err := e.info.Abilities.Check(u.Prosody); err != nil {
		return err
	}
	if err := e.selectVoice(u.Voice); err != nil {
		return err
	}
	return e.read(ctx, u.Text, wordsPerMinute(u.Prosody.Speed()), sink)
}

// wordsPerMinute is the library's rate for a speed. Above twice the normal rate
// it lags by up to 5.5 %, which was measured and is made up for here.
func wordsPerMinute(speed float64) int {
	lag := 0.055 * min(max(speed-2, 0), 1)
	return int(math.Round(normalRate * speed * (1 + lag)))
}

// selectVoice loads a voice unless it is loaded.
func (e *Engine) selectVoice(name string) error {
	if e.current == name {
		return nil
	}
	e.current = ""
	cName := C.CString(name)
	defer C.free(unsafe.Pointer(cName))
	if C.lectern_select(cName) == 0 {
		return fmt.Errorf("%w: espeak-ng cannot load %q", driver.ErrFailed, name)
	}
	e.current = name
	return nil
}

// read speaks text with the selected voice. It is the one place where the
// library makes sound: a copy of the process made here, for each utterance,
// would make the engine deterministic.
func (e *Engine) read(ctx context.Context, text string, wordsPerMinute int, sink driver.Sink) error {
	r := newReading(ctx, text, sink)
	handle := cgo.NewHandle(r)
	defer handle.Delete()
	cText := C.CString(r.text)
	defer C.free(unsafe.Pointer(cText))
	ok := C.lectern_say(cText, C.size_t(len(r.text)+1), C.int(wordsPerMinute), C.uintptr_t(handle))
	if err := r.end(); err != nil {
		return err
	}
	if ok == 0 {
		return fmt.Errorf("%w: espeak-ng gave up", driver.ErrFailed)
	}
	return nil
}
