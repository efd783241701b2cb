// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

/*
#cgo linux LDFLAGS: -l:libespeak-ng.a -lm
#cgo !linux LDFLAGS: -lespeak-ng
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Name is the engine's name.
const Name = "espeak"

// mostCores bounds the voices that an engine keeps loaded.
const mostCores = 4

// Engine is espeak-ng; it implements driver.Engine.
type Engine struct {
	info   driver.Info
	voices map[string]int // their volumes
	cores  []*core        // the one used last is the last
}

var _ driver.Engine = (*Engine)(nil)

// describe asks the library what it is, which it can be asked only once.
var describe = sync.OnceValues(func() (driver.Info, error) {
	message := (*C.char)(C.malloc(512))
	defer C.free(unsafe.Pointer(message))
	rate := int(C.lectern_open(message, 512))
	if rate == 0 {
		return driver.Info{}, fmt.Errorf("espeak: %s", C.GoString(message))
	}
	info := driver.Info{
		Name:    Name,
		Version: C.GoString(C.espeak_Info(nil)),
		License: license,
		Abilities: driver.Abilities{
			Deterministic:  true,
			WordEvents:     true,
			Pronunciations: true,
		},
	}
	installed := installedVoices()
	voices, err := catalogue()
	if err != nil {
		return driver.Info{}, err
	}
	for _, v := range voices {
		if v.NaturalSampleRateHertz != rate {
			return driver.Info{}, fmt.Errorf("espeak: the library speaks at %d Hz, and %s in voices.tsv at %d", rate, v.Name, v.NaturalSampleRateHertz)
		}
		if installed[withoutVariant(v.EngineName)] {
			info.Voices = append(info.Voices, v)
		}
	}
	if len(info.Voices) == 0 {
		return driver.Info{}, errors.New("espeak: no voices are installed")
	}
	return info, nil
})

// Open makes an engine. It fails when espeak-ng's dictionaries are not installed.
func Open() (*Engine, error) {
	info, err := describe()
	if err != nil {
		return nil, err
	}
	e := &Engine{info: info, voices: map[string]int{}}
	e.info.Voices = slices.Clone(info.Voices)
	for i, v := range e.info.Voices {
		volume, native := volumeOf(v.GainDB)
		e.voices[v.EngineName] = volume
		if native {
			e.info.Voices[i].GainDB = 0
		}
	}
	return e, nil
}

// Info tells what the engine is.
func (e *Engine) Info() driver.Info { return e.info }

// Close ends the engine's processes.
func (e *Engine) Close() error {
	for _, c := range e.cores {
		c.close()
	}
	e.cores = nil
	return nil
}

// Speak reads u aloud.
func (e *Engine) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	volume, known := e.voices[u.Voice]
	if !known {
		return fmt.Errorf("%w: %q", driver.ErrVoice, u.Voice)
	}
	if err := e.info.Abilities.Check(u.Prosody); err != nil {
		return err
	}
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return err
	}
	c, err := e.core(ctx, u.Voice, volume)
	if err != nil {
		return err
	}
	var kind C.int32_t = C.LECTERN_TEXT
	var words []said
	if len(pronounced) > 0 {
		kind = C.LECTERN_PHONEMES
		if words, err = c.spell(ctx, pronounced); err != nil {
			return err
		}
	}
	r := newReading(ctx, u.Text, words, sink)
	return c.carryOut(ctx, kind, r.text, r.hear)
}

// core is the core of a voice, which is started if it is not there.
func (e *Engine) core(ctx context.Context, voice string, volume int) (*core, error) {
	for i, c := range e.cores {
		if c.voice == voice {
			e.cores = append(slices.Delete(e.cores, i, i+1), c)
			return c, nil
		}
	}
	if len(e.cores) == mostCores {
		e.cores[0].close()
		e.cores = slices.Delete(e.cores, 0, 1)
	}
	c, err := startCore(ctx, voice, volume)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%w: espeak-ng's voice %q: %w", driver.ErrFailed, voice, err)
	}
	e.cores = append(e.cores, c)
	return c, nil
}
