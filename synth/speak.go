package synth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// File speaks a plan and returns a whole file of at most limit bytes of sound.
// It stops its engine as soon as ctx ends.
func (s *Synth) File(ctx context.Context, class engine.Class, p *Plan, limit int64) ([]byte, error) {
	joiner, err := s.joiner(p.Settings)
	if err != nil {
		return nil, err
	}
	// The header is written twice: its size is known, its numbers are not yet.
	// A file that needs a longer one in the end (RF64) is put together anew.
	file, err := joiner.Header(p.SampleRate, 0)
	if err != nil {
		return nil, err
	}
	room := len(file)
	body := bytes.NewBuffer(slices.Grow(file, int(min(p.expectedBytes(), limit))))
	frames, err := s.speak(ctx, class, true, p, &limited{w: body, left: limit})
	if errors.Is(err, errTooLong) {
		return nil, fault.Invalid("input", "The sound would have more than %d bytes. Shorten the text or its pauses, or use SynthesizeLongAudio.", limit)
	}
	if err != nil {
		return nil, err
	}
	header, err := joiner.Header(p.SampleRate, frames)
	if err != nil {
		return nil, err
	}
	body.Write(joiner.Trailer(p.SampleRate, frames))
	if file = body.Bytes(); len(header) == room {
		copy(file, header)
		return file, nil
	}
	return append(header, file[room:]...), nil
}

// expectedBytes is about what the sound of p takes, generously: 16-bit frames
// of a slow reader, eleven bytes of text a second, and the pauses. It is a
// guess, for allocation.
func (p *Plan) expectedBytes() int64 {
	speech := time.Duration(p.Weight()) * time.Second / 11
	if rate := p.Prosody.Rate; rate > 0 {
		speech = time.Duration(float64(speech) / rate)
	}
	for _, s := range p.Segments {
		speech += s.Pause
	}
	return 2 * int64(p.SampleRate.Frames(speech))
}

// Body speaks a plan onto w, encoded but without header and trailer, and
// returns how many frames that was. What it wrote before an error is not fit
// for use. It stops its engine as soon as ctx ends.
func (s *Synth) Body(ctx context.Context, class engine.Class, p *Plan, w io.Writer) (audio.Frames, error) {
	return s.speak(ctx, class, false, p, w)
}

// speak is Body; patient says that nobody hears the beginning before the end.
func (s *Synth) speak(ctx context.Context, class engine.Class, patient bool, p *Plan, w io.Writer) (audio.Frames, error) {
	voice, err := s.voice(p.Voice)
	if err != nil {
		return 0, err
	}
	joiner, err := s.joiner(p.Settings)
	if err != nil {
		return 0, err
	}
	encoder, err := joiner.NewBody(w, p.SampleRate)
	if err != nil {
		return 0, err
	}
	reading := &reading{ctx: ctx, class: class, patient: patient, engines: s.engines, voice: voice, prosody: p.Prosody, rest: p.Segments}
	defer reading.Close()
	if p.SampleRate == reading.rate() && p.Prosody.GainDB == 0 {
		err = reading.copyTo(encoder)
	} else {
		sound := dsp.Concat(reading.rate(), func() (audio.Stream, error) { return reading.next() })
		sound = dsp.Gain(sound, p.Prosody.GainDB)
		err = encoder.Copy(s.resampling.Resample(sound, p.SampleRate))
	}
	if err != nil {
		return 0, err
	}
	if err := encoder.Close(); err != nil {
		return 0, err
	}
	return encoder.Frames(), nil
}

// Wrapping is what stands around the bodies of a whole file of frames frames.
func (s *Synth) Wrapping(set Settings, frames audio.Frames) (header, trailer []byte, err error) {
	joiner, err := s.joiner(set)
	if err != nil {
		return nil, nil, err
	}
	header, err = joiner.Header(set.SampleRate, frames)
	return header, joiner.Trailer(set.SampleRate, frames), err
}

func (s *Synth) joiner(set Settings) (encode.Joiner, error) {
	format, err := s.formats.Lookup(set.Encoding)
	if err != nil {
		return encode.Joiner{}, err
	}
	joiner, ok := format.Joiner()
	if !ok {
		return encode.Joiner{}, fmt.Errorf("synth: %s cannot be joined from parts", set.Encoding)
	}
	return joiner, nil
}

// reading gives the sounds of a plan's segments in order, one engine's turn at
// a time, so that a long plan lets others in between its sentences.
type reading struct {
	ctx     context.Context
	class   engine.Class
	patient bool
	engines *engine.Engine
	voice   speech.Voice
	prosody speech.Prosody
	rest    []Segment
	current *engine.Speech
}

func (r *reading) rate() audio.SampleRate { return audio.SampleRate(r.voice.NaturalSampleRateHertz) }

// copyTo encodes the sounds as the engine made them.
func (r *reading) copyTo(encoder *encode.Encoder) error {
	for {
		sound, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := encoder.CopyFrames(sound); err != nil {
			return err
		}
	}
}

func (r *reading) next() (audio.PCMStream, error) {
	r.Close()
	if len(r.rest) == 0 {
		return nil, io.EOF
	}
	segment := r.rest[0]
	r.rest = r.rest[1:]
	if segment.Text == "" {
		return audio.Silence(r.rate(), r.rate().Frames(segment.Pause)), context.Cause(r.ctx)
	}
	prosody := r.prosody
	prosody.GainDB = 0
	speech, err := r.engines.Speak(r.ctx, r.class, r.voice,
		speech.Utterance{Text: segment.Text, Voice: r.voice.EngineName, Prosody: prosody, Patient: r.patient})
	if err != nil {
		return nil, err
	}
	r.current = speech
	return speech, nil
}

func (r *reading) Close() {
	if r.current != nil {
		r.current.Close()
		r.current = nil
	}
}

var errTooLong = errors.New("more sound than allowed")

// limited is a writer that takes no more than left bytes.
type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errTooLong
	}
	return l.w.Write(p)
}
