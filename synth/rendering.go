package synth

import (
	"context"
	"io"
	"math"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// ceilingDB is the true peak that nothing made louder here exceeds, in dB of
// full scale.
const ceilingDB = -1

// rendering makes the sounds of a plan's segments in order, one engine's turn
// at a time, so that a long plan lets others in between its sentences.
type rendering struct {
	synth    *Synth
	ctx      context.Context
	class    engine.Class
	patient  bool
	settings Settings
	rest     []Segment
	// most is how much sound there may be in all; 0 is as much as wanted.
	most audio.Frames
	// pace is when the sound is needed; nil for what is needed as soon as can be.
	pace *pace
	// tell, if not nil, is told how far the rendering is.
	tell func(Progress)
	far  Progress
	// joined says that the segment before goes on in the next.
	joined bool
}

// within renders segments that are part of another one.
func (r *rendering) within(segments []Segment) *sequence {
	inner := *r
	inner.rest, inner.joined, inner.tell = segments, false, nil
	return inner.sequence()
}

func (r *rendering) sequence() *sequence {
	return &sequence{rate: r.settings.SampleRate, next: r.next}
}

// onto encodes all of it and closes the encoder.
func (r *rendering) onto(encoder *encode.Encoder) (Spoken, error) {
	if r.tell != nil {
		encoder.Watch(func(frames audio.Frames) {
			r.far.Frames = frames
			r.tell(r.far)
		})
	}
	if len(r.settings.Effects) > 0 {
		cues, err := r.throughEffects(encoder)
		if err != nil {
			return Spoken{}, err
		}
		return closed(encoder, cues)
	}
	var cues []Cue
	for {
		s, err := r.next()
		if err == io.EOF {
			return closed(encoder, cues)
		}
		if err != nil {
			return Spoken{}, err
		}
		began := encoder.Frames()
		if s.straight != nil {
			err = encoder.CopyFrames(s.straight)
		} else {
			err = encoder.Copy(s.Stream)
		}
		if err == nil {
			cues = shift(cues, s.cues(encoder.Frames()-began), began)
		}
		s.close()
		if err != nil {
			return Spoken{}, err
		}
	}
}

// closed is what stands in an encoder, which it closes.
func closed(encoder *encode.Encoder, cues []Cue) (Spoken, error) {
	if err := encoder.Close(); err != nil {
		return Spoken{}, err
	}
	return Spoken{Frames: encoder.Frames(), Cues: cues}, nil
}

func (r *rendering) throughEffects(encoder *encode.Encoder) ([]Cue, error) {
	whole := r.sequence()
	defer whole.Close()
	var stream audio.Stream = whole
	for _, id := range r.settings.Effects {
		effect, ok := dsp.Profile(id)
		if !ok {
			return nil, fault.New(fault.FailedPrecondition, "The effects profile '%s' is no longer known to this server.", id)
		}
		stream = effect(stream)
	}
	err := encoder.Copy(audio.WithContext(r.ctx, dsp.Limit(stream, ceilingDB)))
	return whole.cues, err
}

// next is the sound of the next segment; io.EOF after the last. It ends with the
// rendering's context, whatever it is made of.
func (r *rendering) next() (*sound, error) {
	if r.tell != nil {
		r.far.Over = r.far.Begun
		if len(r.rest) > 0 {
			r.far.Begun += r.rest[0].weight()
		}
		r.tell(r.far)
	}
	s, err := r.segment()
	if err != nil {
		return nil, err
	}
	s.Stream = audio.WithContext(r.ctx, s.Stream)
	if s.straight != nil {
		s.straight = audio.WithContext(r.ctx, s.straight).(audio.PCMStream)
	}
	return s, nil
}

func (r *rendering) segment() (*sound, error) {
	if len(r.rest) == 0 {
		return nil, io.EOF
	}
	if err := context.Cause(r.ctx); err != nil {
		return nil, err
	}
	s := &r.rest[0]
	r.rest = r.rest[1:]
	joined := r.joined
	r.joined = s.Continues
	gain := r.settings.Prosody.GainDB + s.Prosody.GainDB
	switch {
	case s.Text != "":
		return r.utterance(s, joined)
	case s.Bleep > 0:
		return r.louder(plainSound(dsp.Bleep(r.settings.SampleRate, r.frames(s.Bleep))), gain), nil
	case s.Clip != nil:
		return r.clip(s.Clip, gain)
	case s.Mix != nil:
		return r.mix(s.Mix, gain)
	}
	r.joined = joined // a mark within a sentence changes nothing
	return silence(r.settings.SampleRate, r.frames(s.Pause), s.Marks), nil
}

func (r *rendering) frames(d time.Duration) audio.Frames { return r.settings.SampleRate.Frames(d) }

// louder changes the level of s, and keeps it from clipping.
func (r *rendering) louder(s *sound, gainDB float64) *sound {
	if gainDB == 0 {
		return s
	}
	s.straight = nil
	s.Stream = dsp.Gain(s.Stream, gainDB)
	if gainDB > 0 {
		s.Stream = dsp.Limit(s.Stream, ceilingDB)
	}
	return s
}

// The range of prosody once everything was added up.
const (
	leastRate, mostRate = 0.25, 4.0
	mostSemitones       = 20.0
)

// division says which part of a prosody an engine does itself, and which is
// done to its sound.
func division(whole speech.Prosody, can engine.Abilities) (native speech.Prosody, rate, semitones float64) {
	rate = min(max(whole.Speed(), leastRate), mostRate)
	semitones = min(max(whole.PitchSemitones, -mostSemitones), mostSemitones)
	if rate != 1 && can.Rate.Holds(rate) {
		native.Rate, rate = rate, 1
	}
	if semitones != 0 && can.PitchSemitones.Holds(semitones) {
		native.PitchSemitones, semitones = semitones, 0
	}
	return native, rate, semitones
}

// jointSilence is what stays of an engine's silence inside a sentence that is
// spoken in pieces.
const jointSilence = 15 * time.Millisecond

// utterance is the sound of one segment of text.
func (r *rendering) utterance(s *Segment, joined bool) (*sound, error) {
	name := s.Voice
	if name == "" {
		name = r.settings.Voice
	}
	voice, err := r.synth.voice(name)
	if err != nil {
		return nil, err
	}
	whole := speech.Prosody{
		Rate:           r.settings.Prosody.Speed() * s.Prosody.Speed(),
		PitchSemitones: r.settings.Prosody.PitchSemitones + s.Prosody.PitchSemitones,
	}
	native, rate, semitones := division(whole, voice.Abilities)
	u := speech.Utterance{Text: s.Text, Prosody: native, Pronunciations: s.Pronunciations, Patient: r.patient}
	ctx := r.ctx
	if r.pace != nil {
		ctx = r.pace.on(ctx)
	}
	spoken, err := voice.Speak(ctx, r.class, u)
	if err != nil {
		return nil, err
	}
	v := &voiced{speech: spoken, segment: s, rate: rate, out: r.settings.SampleRate}
	made := &sound{close: func() { _ = spoken.Close() }, cues: v.cues}
	made.Stream = dsp.Prosody(spoken, rate, semitones)
	if joined || s.Continues {
		v.trimmed = dsp.Trim(made.Stream, dsp.Silence{KeepLeading: keep(joined), KeepTrailing: keep(s.Continues)})
		made.Stream = v.trimmed
	}
	if made.Stream == audio.Stream(spoken) && spoken.SampleRate() == r.settings.SampleRate {
		made.straight = spoken
	}
	made.Stream = r.synth.resampling.Resample(made.Stream, r.settings.SampleRate)
	return r.louder(made, r.settings.Prosody.GainDB+s.Prosody.GainDB+voice.GainDB), nil
}

func keep(cut bool) time.Duration {
	if cut {
		return jointSilence
	}
	return math.MaxInt64
}

// voiced is where the words and marks of one utterance are in its sound.
type voiced struct {
	speech  *engine.Speech
	segment *Segment
	rate    float64      // by which its sound was made faster
	trimmed *dsp.Trimmed // nil when nothing was cut off
	out     audio.SampleRate
}

// cues places the segment's marks and words in a sound of length frames.
func (v *voiced) cues(length audio.Frames) []Cue {
	if len(v.segment.Marks) == 0 && len(v.segment.Words) == 0 {
		return nil
	}
	var skipped audio.Frames
	if v.trimmed != nil {
		skipped = v.trimmed.Skipped()
	}
	from := v.speech.SampleRate()
	heard := func(frame int64) audio.Frames {
		at := (float64(frame)/v.rate - float64(skipped)) * float64(v.out) / float64(from)
		return min(max(audio.Frames(math.Round(at)), 0), length)
	}
	line := newTimeline(v.speech.Events(), len(v.segment.Text), heard, length)
	var cues []Cue
	for _, m := range v.segment.Marks {
		at := line.start(m.At)
		cues = append(cues, Cue{Frame: at, End: at, Mark: m.Name})
	}
	for _, w := range v.segment.Words {
		cues = append(cues, Cue{Frame: line.start(w.Start), End: line.end(w.Start, w.End), Word: w.Written, Last: w.Last})
	}
	return cues
}

// timeline leads from the bytes of an utterance's text to frames of its sound.
type timeline struct {
	events []engine.Event
	bytes  int
	heard  func(int64) audio.Frames
	length audio.Frames
}

func newTimeline(events []engine.Event, bytes int, heard func(int64) audio.Frames, length audio.Frames) timeline {
	return timeline{events, bytes, heard, length}
}

// start is where what stands at a byte begins to be heard: the first word from
// there on, or the end. Without events it is in proportion.
func (t timeline) start(at int) audio.Frames {
	if len(t.events) == 0 {
		return t.length * audio.Frames(at) / audio.Frames(max(t.bytes, 1))
	}
	for _, e := range t.events {
		if e.Token.Start >= at || e.Token.End > at {
			return t.heard(e.StartFrame)
		}
	}
	return t.length
}

// end is where the last word that begins before the byte end is over.
func (t timeline) end(start, end int) audio.Frames {
	if len(t.events) == 0 {
		return t.length * audio.Frames(end) / audio.Frames(max(t.bytes, 1))
	}
	last := t.start(start)
	for _, e := range t.events {
		if e.Token.Start >= end {
			break
		}
		last = max(last, t.heard(e.EndFrame))
	}
	return last
}
