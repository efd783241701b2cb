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
	_ "embed"
	"fmt"
	"math"
	"runtime/cgo"
	"sync"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// engineName is the engine's name.
const engineName = "flite"

const sampleRate = 16000

const license = "Apache-2.0 AND MIT-Festival"

// voicesTSV is in the order of preference, which is also lectern_voice's. The
// gains are written by `go run ./bench/loudness`.
//
//go:embed voices.tsv
var voicesTSV string

// Measured: beyond a rate of 2.5 slt lags by more than 3 %, since no sound of
// it gets shorter than 15 ms.
var abilities = driver.Abilities{
	Rate:           driver.Range{Min: 0.25, Max: 2.5},
	PitchSemitones: driver.Range{Min: -12, Max: 12},
	Deterministic:  true,
	WordEvents:     true,
	Pronunciations: true,
}

// unpitched is for rms, whose model of the pitch takes no shift, and for kal16,
// which follows it only in part and never below 50 Hz.
var unpitched = driver.Abilities{
	Rate:           abilities.Rate,
	Deterministic:  true,
	WordEvents:     true,
	Pronunciations: true,
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
	voices, err := driver.ParseVoices(voicesTSV)
	if err != nil {
		panic("flite: " + err.Error()) // the table is part of the program
	}
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
	return &Engine{voices: prepared, info: driver.Info{
		Name:           engineName,
		Version:        C.FLITE_PROJECT_VERSION,
		License:        license,
		Voices:         voices,
		Abilities:      abilities,
		VoiceAbilities: map[string]driver.Abilities{"rms": unpitched, "kal16": unpitched},
	}}
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
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return err
	}
	r := reading{ctx: ctx, sink: sink}
	handle := cgo.NewHandle(&r)
	defer handle.Delete()
	stretch := C.float(1 / u.Prosody.Speed())
	shift := C.float(math.Exp2(u.Prosody.PitchSemitones / 12))

	for piece := range fold(u.Text, pronounced).pieces() {
		if err := r.begin(piece); err != nil {
			return err
		}
		turn.Lock()
		ok := say(voice, piece, stretch, shift, handle)
		turn.Unlock()
		if err := r.end(); err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: flite gave no utterance", driver.ErrFailed)
		}
	}
	return nil
}

// say speaks one piece; turn is held.
func say(voice *C.cst_voice, piece folded, stretch, shift C.float, handle cgo.Handle) bool {
	var held []unsafe.Pointer
	defer func() {
		for _, p := range held {
			C.free(p)
		}
	}()
	inC := func(text string) *C.char {
		c := C.CString(text)
		held = append(held, unsafe.Pointer(c))
		return c
	}
	count := len(piece.said)
	words := (*C.lectern_said)(C.calloc(C.size_t(count+1), C.sizeof_lectern_said))
	held = append(held, unsafe.Pointer(words))
	for i, w := range piece.said {
		unsafe.Slice(words, count)[i] = C.lectern_said{start: C.int(w.start), phones: inC(w.phones)}
	}
	return C.lectern_say(voice, inC(piece.ascii), words, C.int(count), stretch, shift, C.uintptr_t(handle)) != 0
}
