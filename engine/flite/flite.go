package flite

/*
#cgo LDFLAGS: -l:libflite_cmu_us_slt.a -l:libflite_cmu_us_rms.a -l:libflite_cmu_us_awb.a -l:libflite_cmu_us_kal16.a
#cgo LDFLAGS: -l:libflite_usenglish.a -l:libflite_cmulex.a -l:libflite.a -lm
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"context"
	"fmt"
	"math"
	"runtime/cgo"
	"sync"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Name is the engine's name.
const Name = "flite"

const sampleRate = 16000

// voices are in the order of preference, which is also lectern_voice's.
var voices = []speech.Voice{
	{Name: "en-US-Flite-Slt", EngineName: "slt", Gender: speech.Female},
	{Name: "en-US-Flite-Rms", EngineName: "rms", Gender: speech.Male},
	{Name: "en-US-Flite-Awb", EngineName: "awb", Gender: speech.Male},
	{Name: "en-US-Flite-Kal16", EngineName: "kal16", Gender: speech.Male},
}

// Measured: beyond a rate of 2.5 slt lags by more than 3 %, since no sound of
// it gets shorter than 15 ms.
var abilities = driver.Abilities{
	Rate:           driver.Range{Min: 0.25, Max: 2.5},
	PitchSemitones: driver.Range{Min: -12, Max: 12},
	Deterministic:  true,
	WordEvents:     true,
}

// unpitched is for rms, whose model of the pitch takes no shift, and for kal16,
// which follows it only in part and never below 50 Hz.
var unpitched = driver.Abilities{
	Rate:          abilities.Rate,
	Deterministic: true,
	WordEvents:    true,
}

// turn is held while the library works: it and its voices exist once.
var turn sync.Mutex

// Engine is flite; it implements driver.Engine.
type Engine struct {
	info   driver.Info
	voices map[string]*C.cst_voice
}

var _ driver.Engine = (*Engine)(nil)

// prepared are the library's voices once they are ready, guarded by turn.
var prepared map[string]*C.cst_voice

// New makes the engine.
func New() *Engine {
	turn.Lock()
	defer turn.Unlock()
	if prepared == nil {
		C.flite_init()
		prepared = map[string]*C.cst_voice{}
		for i, v := range voices {
			prepared[v.EngineName] = C.lectern_voice(C.int(i))
			C.lectern_prepare(prepared[v.EngineName])
		}
	}
	e := &Engine{voices: prepared, info: driver.Info{
		Name:           Name,
		Version:        C.FLITE_PROJECT_VERSION,
		License:        "Apache-2.0 AND MIT-Festival",
		Abilities:      abilities,
		VoiceAbilities: map[string]driver.Abilities{"rms": unpitched, "kal16": unpitched},
	}}
	for _, v := range voices {
		v.Languages, v.NaturalSampleRateHertz = []string{"en-US"}, sampleRate
		e.info.Voices = append(e.info.Voices, v)
	}
	return e
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
	voice := e.voices[u.Voice]
	if voice == nil {
		return fmt.Errorf("%w: %q", driver.ErrVoice, u.Voice)
	}
	if err := e.info.AbilitiesOf(u.Voice).Check(u.Prosody); err != nil {
		return err
	}
	r := reading{ctx: ctx, sink: sink}
	handle := cgo.NewHandle(&r)
	defer handle.Delete()
	stretch := C.float(1 / u.Prosody.Speed())
	shift := C.float(math.Exp2(u.Prosody.PitchSemitones / 12))

	for piece := range fold(u.Text).pieces() {
		if err := r.begin(piece); err != nil {
			return err
		}
		text := C.CString(piece.ascii)
		turn.Lock()
		ok := C.lectern_say(voice, text, stretch, shift, C.uintptr_t(handle))
		turn.Unlock()
		C.free(unsafe.Pointer(text))
		if err := r.end(); err != nil {
			return err
		}
		if ok == 0 {
			return fmt.Errorf("%w: flite gave no utterance", driver.ErrFailed)
		}
	}
	return nil
}
