package synth

import (
	"context"
	"io"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/fault"
)

// clip is the sound of a clip, or of its fallback when it cannot be played. The
// clip is decoded whole before any of it is heard, since a file may break off.
func (r *rendering) clip(c *ClipPlan, gainDB float64) (*sound, error) {
	spool := r.newSpool()
	kept, err := r.fetch(c, spool)
	if err != nil {
		spool.Close()
		if cause := context.Cause(r.ctx); cause != nil {
			return nil, cause
		}
		r.synth.log.Info("a clip cannot be played", "cause", err)
		fallback := r.within(c.Fallback)
		spoken := &sound{Stream: fallback, close: fallback.Close, cues: func(audio.Frames) []Cue { return fallback.cues }}
		return r.louder(spoken, gainDB), nil
	}
	rate := r.settings.SampleRate
	most := rate.Frames(maxSpool)
	if c.For >= 0 {
		most = min(most, rate.Frames(c.For))
	}
	played := plainSound(dsp.Repeat(rate, func() (audio.Stream, error) { return kept.play(), nil }, c.Count, most))
	played.close = spool.Close
	return r.louder(played, gainDB+c.GainDB), nil
}

// fetch decodes, cuts and speeds up a clip.
func (r *rendering) fetch(c *ClipPlan, to *spool) (*kept, error) {
	if r.synth.clips == nil {
		return nil, fault.New(fault.FailedPrecondition, "This server plays no clips.")
	}
	file, done, err := r.open(c.Source)
	if err != nil {
		return nil, err
	}
	defer done()
	if closer, ok := file.(io.Closer); ok {
		defer closer.Close()
	}
	rate, s := file.SampleRate(), audio.WithContext(r.ctx, file)
	if c.Begin > 0 || c.End >= 0 {
		end := c.End
		if end < 0 {
			end = maxSpool + c.Begin
		}
		s = dsp.Clip(s, rate.Frames(min(c.Begin, end)), rate.Frames(end))
	}
	s = dsp.Speed(s, min(max(c.Speed, slowestClip), fastestClip))
	return to.keep(r.synth.resampling.Resample(s, r.settings.SampleRate), 0)
}

// longestClip is the most that a library gives of a clip, docs/contract.md 4.5.
const longestClip = 240 * time.Second

// The speeds of a clip, docs/contract.md 4.5.
const slowestClip, fastestClip = 0.5, 2.0

// fadeFrames is a length of time as frames, of at most the longest sound.
func (r *rendering) fadeFrames(d time.Duration) audio.Frames { return r.frames(min(d, maxSpool)) }
