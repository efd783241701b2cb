// Package synth is the pipeline: text or SSML and a wished voice in, the bytes
// of an audio file out.
//
// [Synth.Plan] checks a request completely and lays it out as sentences and
// pauses; [Synth.File] speaks a plan into one file, for short requests.
// Long ones are split by [Plan.Parts], spoken in any order by [Synth.Body] and
// wrapped by [Synth.Wrapping], or encoded anew by [Synth.Pieces]. A plan is plain
// values that can be stored, so a part can be spoken after a restart by a process
// that never saw the request. Text that is still being written is spoken by a
// [Talk].
//
// synth is where the stages of floor 1 meet: ssml, textnorm, engine, dsp and
// encode. It knows no messages, transports, buckets or operations. The encoder
// pulls, so memory is bounded by the blocks in between, and the first bytes
// leave before the last sentence is spoken. Only what par, seq and media mix,
// and clips, are kept whole, on disk and up to a limit. A Synth is safe for
// concurrent use.
package synth

import (
	"context"
	"log/slog"
	"runtime"
	"sync"

	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
)

// Config is what a pipeline is made of. What it is given stays the caller's to
// close.
type Config struct {
	Engines *engine.Engine
	Formats *encode.Catalogue
	// Clips finds the sounds that documents name; nil means that there are
	// none and their fallback is spoken.
	Clips Clips
	// Waiting lets what takes time that nobody works in (a sound that is
	// fetched) be done without holding what others wait for: it calls wait once
	// and returns its error, or another if ctx has ended meanwhile. nil calls it.
	Waiting func(ctx context.Context, wait func() error) error
	// Sources says which schemes of addresses documents may name, in lower
	// case; nil means https and data.
	Sources func(scheme string) bool
	// Spools is the directory of the files, without names, in which sounds wait
	// to be mixed; it is made when it is needed. Empty means the system's for
	// temporary files, which may be memory.
	Spools string
	// Lexicons are the users' dictionaries.
	Lexicons Lexicons
	// Log is where causes go; nil means slog.Default().
	Log *slog.Logger
}

// Synth speaks. Make one with [New].
type Synth struct {
	engines    *engine.Engine
	formats    *encode.Catalogue
	clips      Clips
	sources    func(scheme string) bool
	spools     string
	waiting    func(ctx context.Context, wait func() error) error
	fetchTimes *fetchTimes
	planning   chan struct{} // one element for each long text that is being planned
	rooms      sync.Pool     // of *bytes.Buffer, see room
	log        *slog.Logger
	resampling dsp.Resampler
	lexicons   lexicons
}

// New makes a pipeline. Every format must be one of which files can be made of
// parts: bodies that join, or encode.Pieces.
func New(c Config) *Synth {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Waiting == nil {
		c.Waiting = func(_ context.Context, wait func() error) error { return wait() }
	}
	return &Synth{
		waiting: c.Waiting, fetchTimes: newFetchTimes(), planning: make(chan struct{}, max(runtime.GOMAXPROCS(0)-1, 1)),
		engines: c.Engines, formats: c.Formats, clips: c.Clips, sources: c.Sources, spools: c.Spools, log: c.Log, lexicons: lexicons{all: c.Lexicons},
	}
}

// Engines are the engines that the pipeline speaks with.
func (s *Synth) Engines() *engine.Engine { return s.engines }

// Encodings are the names of the formats that a request may ask for.
func (s *Synth) Encodings() []string { return s.formats.Names() }

// voice finds the voice of a plan, which may have been made by an earlier
// process with other engines.
func (s *Synth) voice(name string) (engine.Voice, error) {
	v, ok := s.engines.Voice(name)
	if !ok {
		return v, fault.New(fault.FailedPrecondition, "Voice '%s' is no longer installed on this server.", name)
	}
	return v, nil
}

// Effects are the ids of the device profiles that a request may name.
func Effects() []string { return dsp.Profiles() }
