package synth

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
)

// Pieces tells how a long sound becomes a file in an encoding whose bodies do
// not join (MP3, Opus, AAC): ok is true, and [Synth.Body] of each part gives
// sound, which the pieces are encoded from. Otherwise bodies and
// [Synth.Wrapping] are the file.
func (s *Synth) Pieces(set Settings) (pieces encode.Pieces, ok bool, err error) {
	format, err := s.formats.Lookup(set.Encoding)
	if err != nil || format.Joins() {
		return encode.Pieces{}, false, err
	}
	if pieces, ok = format.Pieces(); !ok {
		err = fmt.Errorf("synth: files of %s cannot be made of parts", set.Encoding)
	}
	return pieces, ok, err
}

// Stream speaks a plan onto w as a whole file of unknown length, in order and
// as soon as the format can: MP3 and M4A begin with what the end tells, others
// gather at most so much, or with 0 what makes the file of [Synth.File]. What it
// wrote before an error is not fit for use. A w that is a [Listener] is told how much
// sound it is given.
func (s *Synth) Stream(ctx context.Context, class engine.Class, p *Plan, w io.Writer, gathered time.Duration) (Spoken, error) {
	return s.StreamTelling(ctx, class, p, w, gathered, nil)
}

// StreamTelling is Stream that tells how far it is, as [Synth.BodyTelling] does.
func (s *Synth) StreamTelling(ctx context.Context, class engine.Class, p *Plan, w io.Writer, gathered time.Duration, tell func(Progress)) (Spoken, error) {
	format, err := s.formats.Lookup(p.Encoding)
	if err != nil {
		return Spoken{}, err
	}
	listened := &told{rate: p.SampleRate}
	if l, ok := w.(Listener); ok {
		listened.to, w = l, listened
	}
	encoder, err := format.NewEncoder(audio.WriterWithContext(ctx, w), p.SampleRate, -1)
	if err != nil {
		return Spoken{}, err
	}
	listened.encoder = encoder
	if gathered > 0 {
		encoder.FlushEvery(p.SampleRate.Frames(gathered))
	}
	return s.speakTo(ctx, class, 0, p, encoder, &pace{encoder: encoder, rate: p.SampleRate}, tell)
}

// Listener is a writer that wants to know how much sound there is in its bytes.
type Listener interface {
	io.Writer
	// Sounds says, before a Write, how much sound was encoded by then, in all.
	Sounds(length time.Duration)
}

// told has a Listener told.
type told struct {
	to      Listener
	rate    audio.SampleRate
	encoder *encode.Encoder // nil while it is made
}

// Write implements io.Writer.
func (t *told) Write(p []byte) (int, error) {
	if t.encoder != nil {
		t.to.Sounds(t.rate.Duration(t.encoder.Frames()))
	}
	return t.to.Write(p)
}
