// Package synth is the pipeline: text or SSML and a wished voice in, the bytes
// of an audio file out.
//
// [Synth.Plan] checks a request completely and lays it out as sentences and
// pauses; [Synth.File] speaks a plan into one file, for short requests.
// Long ones are split by [Plan.Parts], spoken in any order by [Synth.Body] and
// wrapped by [Synth.Wrapping]. A plan is plain values that can be stored, so a
// part can be spoken after a restart by a process that never saw the request.
//
// synth is where the stages of floor 1 meet: ssml, textnorm, engine, dsp and
// encode. It knows no messages, transports, buckets or operations. The encoder
// pulls, so memory is bounded by the blocks in between, and the first bytes
// leave before the last sentence is spoken. A Synth is safe for concurrent
// use.
package synth

import (
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// Synth speaks. Make one with [New].
type Synth struct {
	engines    *engine.Engine
	formats    *encode.Catalogue
	resampling dsp.Resampler
}

// New makes a pipeline of engines and formats, which stay the caller's to
// close. Every format must be an encode.Joiner.
func New(engines *engine.Engine, formats *encode.Catalogue) *Synth {
	return &Synth{engines: engines, formats: formats}
}

// Engines are the engines that the pipeline speaks with.
func (s *Synth) Engines() *engine.Engine { return s.engines }

// voice finds the voice of a plan, which may have been made by an earlier
// process with other engines.
func (s *Synth) voice(name string) (speech.Voice, error) {
	v, ok := s.engines.Catalogue().Lookup(name)
	if !ok {
		return v, fault.New(fault.FailedPrecondition, "Voice '%s' is no longer installed on this server.", name)
	}
	return v, nil
}
