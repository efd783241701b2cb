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

// engineName is the engine's name.
const engineName = "espeak"

// mostCores bounds the voices that an engine keeps loaded to speak, and those to
// transcribe.
const mostCores = 4

// Engine is espeak-ng; it implements driver.Engine.
type Engine struct {
	info   driver.Info
	voices map[string]int    // their volumes
	names  map[string]string // of all voices, those that are not offered too
	cores  []*core           // that speak; the one used last is the last
	// readers are cores that transcribe. They are apart, since what a core has
	// read would be heard.
	readers []*core
}

var (
	_ driver.Engine      = (*Engine)(nil)
	_ driver.Transcriber = (*Engine)(nil)
)

// description is what the library says of itself.
type description struct {
	info  driver.Info
	names map[string]string
}

// describe asks the library what it is, which it can be asked only once.
var describe = sync.OnceValues(func() (description, error) {
	message := (*C.char)(C.malloc(512))
	defer C.free(unsafe.Pointer(message))
	rate := int(C.lectern_open(message, 512))
	if rate == 0 {
		return description{}, fmt.Errorf("espeak: %s", C.GoString(message))
	}
	info := driver.Info{
		Name:    engineName,
		Version: C.GoString(C.espeak_Info(nil)),
		License: license,
		Abilities: driver.Abilities{
			Deterministic:  true,
			WordEvents:     true,
			Pronunciations: true,
			Transcribes:    C.lectern_transcribes() != 0,
		},
	}
	all := installedVoices()
	there := map[string]bool{}
	for _, v := range all {
		there[v.identifier] = true
	}
	voices, err := catalogue()
	if err != nil {
		return description{}, err
	}
	for _, v := range voices {
		if v.NaturalSampleRateHertz != rate {
			return description{}, fmt.Errorf("espeak: the library speaks at %d Hz, and %s in voices.tsv at %d", rate, v.Name, v.NaturalSampleRateHertz)
		}
		if there[withoutVariant(v.EngineName)] {
			info.Voices = append(info.Voices, v)
		}
	}
	if len(info.Voices) == 0 {
		return description{}, errors.New("espeak: no voices are installed")
	}
	return description{info, namesOf(all)}, nil
})

// Open makes an engine. It fails when espeak-ng's dictionaries are not installed.
func Open() (*Engine, error) {
	library, err := describe()
	if err != nil {
		return nil, err
	}
	e := &Engine{info: library.info, voices: map[string]int{}, names: library.names}
	e.info.Voices = slices.Clone(e.info.Voices)
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
	for _, c := range slices.Concat(e.cores, e.readers) {
		c.close()
	}
	e.cores, e.readers = nil, nil
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
	c, err := load(ctx, &e.cores, u.Voice, volume)
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

// load finds the core of a voice, which is started if it is not there, and makes
// it the last.
func load(ctx context.Context, cores *[]*core, voice string, volume int) (*core, error) {
	for i, c := range *cores {
		if c.voice == voice {
			*cores = append(slices.Delete(*cores, i, i+1), c)
			return c, nil
		}
	}
	if len(*cores) == mostCores {
		(*cores)[0].close()
		*cores = slices.Delete(*cores, 0, 1)
	}
	c, err := startCore(ctx, voice, volume)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%w: espeak-ng's voice %q: %w", driver.ErrFailed, voice, err)
	}
	*cores = append(*cores, c)
	return c, nil
}
