package synth

import (
	"bytes"
	"context"
	"errors"
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
	if err != nil {
		return encode.Pieces{}, false, err
	}
	if _, joins := format.Joiner(); joins {
		return encode.Pieces{}, false, nil
	}
	pieces, ok = format.Pieces()
	if !ok {
		err = fmt.Errorf("synth: %s cannot be encoded in parts", set.Encoding)
	}
	return pieces, ok, err
}

// joiner is the format of set as a Joiner; ok is false for one of Pieces.
func (s *Synth) joiner(set Settings) (joiner encode.Joiner, ok bool, err error) {
	format, err := s.formats.Lookup(set.Encoding)
	if err != nil {
		return encode.Joiner{}, false, err
	}
	joiner, ok = format.Joiner()
	return joiner, ok, nil
}

// newBody is the encoder of [Synth.Body].
func (s *Synth) newBody(set Settings, w io.Writer) (*encode.Encoder, error) {
	joiner, ok, err := s.joiner(set)
	if err != nil {
		return nil, err
	}
	if ok {
		return joiner.NewBody(w, set.SampleRate)
	}
	pieces, _, err := s.Pieces(set)
	if err != nil {
		return nil, err
	}
	return pieces.NewSound(w), nil
}

// Stream speaks a plan onto w as a whole file of unknown length, in order and
// as soon as the format can: MP3 and M4A begin with what the end tells, others
// gather at most so much, or with 0 what makes the file of [Synth.File]. What it
// wrote before an error is not fit for use.
func (s *Synth) Stream(ctx context.Context, class engine.Class, p *Plan, w io.Writer, gathered time.Duration) (Spoken, error) {
	encoder, err := s.newEncoder(p.Settings, audio.WriterWithContext(ctx, w))
	if err != nil {
		return Spoken{}, err
	}
	if gathered > 0 {
		encoder.FlushEvery(p.SampleRate.Frames(gathered))
	}
	return s.speakTo(ctx, class, 0, p, encoder, &pace{encoder: encoder, rate: p.SampleRate})
}

func (s *Synth) newEncoder(set Settings, w io.Writer) (*encode.Encoder, error) {
	format, err := s.formats.Lookup(set.Encoding)
	if err != nil {
		return nil, err
	}
	return format.NewEncoder(w, set.SampleRate, -1)
}

// fileOfPieces is [Synth.File] in an encoding of [Synth.Pieces]. limit holds
// for the sound before it is encoded: that is what the work goes by.
func (s *Synth) fileOfPieces(ctx context.Context, class engine.Class, p *Plan, limit int64) ([]byte, Spoken, error) {
	if p.Least() > limit/bytesPerFrame {
		return nil, Spoken{}, tooLong(limit)
	}
	var file bytes.Buffer
	encoder, err := s.newEncoder(p.Settings, audio.WriterWithContext(ctx, &file))
	if err != nil {
		return nil, Spoken{}, err
	}
	encoder.Limit(limit / bytesPerFrame)
	spoken, err := s.speakTo(ctx, class, max(limit/bytesPerFrame, 1), p, encoder, paceOf(p))
	if errors.Is(err, encode.ErrLimit) || errors.Is(err, errTooLong) {
		return nil, Spoken{}, tooLong(limit)
	}
	return file.Bytes(), spoken, err
}
