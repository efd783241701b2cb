package synth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
)

// Spoken is the outcome of speaking a plan.
type Spoken struct {
	// Frames is its length, at the rate of the plan.
	Frames audio.Frames
	// Cues are the marks, and the words if the plan has captions, in the
	// order of the input.
	Cues []Cue
}

// File speaks a plan and returns a whole file of at most limit bytes of sound.
// [Plan.ExpectedBytes] of it are allocated at once, for what grows is there twice;
// a server sets so much aside before. It stops its engine as soon as ctx ends.
func (s *Synth) File(ctx context.Context, class engine.Class, p *Plan, limit int64) ([]byte, Spoken, error) {
	joiner, ok, err := s.joiner(p.Settings)
	if err != nil {
		return nil, Spoken{}, err
	}
	if !ok {
		return s.fileOfPieces(ctx, class, p, limit)
	}
	if joiner.BodySize(p.SampleRate, p.Least()) > limit {
		return nil, Spoken{}, tooLong(limit)
	}
	// The header is written twice: its size is known, its numbers are not yet.
	// A file that needs a longer one in the end (RF64) is put together anew.
	file, err := joiner.Header(p.SampleRate, 0)
	if err != nil {
		return nil, Spoken{}, err
	}
	room := len(file)
	body := bytes.NewBuffer(slices.Grow(file, int(min(p.ExpectedBytes(), limit))))
	encoder, err := joiner.NewBody(audio.WriterWithContext(ctx, &limited{w: body, left: limit}), p.SampleRate)
	if err != nil {
		return nil, Spoken{}, err
	}
	spoken, err := s.speakTo(ctx, class, max(limit/joiner.BodySize(p.SampleRate, 1), 1), p, encoder, paceOf(p))
	if errors.Is(err, errTooLong) {
		return nil, Spoken{}, tooLong(limit)
	}
	if err != nil {
		return nil, Spoken{}, err
	}
	header, err := joiner.Header(p.SampleRate, spoken.Frames)
	if err != nil {
		return nil, Spoken{}, err
	}
	body.Write(joiner.Trailer(p.SampleRate, spoken.Frames))
	if file = body.Bytes(); len(header) == room {
		copy(file, header)
		return file, spoken, nil
	}
	return append(header, file[room:]...), spoken, nil
}

func tooLong(limit int64) error {
	return fault.Invalid("input", "The sound would have more than %d bytes. Shorten the text or its pauses, or use SynthesizeLongAudio.", limit)
}

// bytesPerFrame is that of 16-bit sound.
const bytesPerFrame = 2

// speechBytes is about what the speech of p takes, generously: 16-bit frames of a
// slow reader, eleven bytes of text a second, and two seconds for who says little.
// Pauses are not in it.
func (p *Plan) speechBytes() int64 {
	speech := time.Duration(p.Weight()+22) * time.Second / 11
	if rate := p.Prosody.Rate; rate > 0 {
		speech = time.Duration(float64(speech) / rate)
	}
	return bytesPerFrame * int64(p.SampleRate.Frames(speech))
}

// ExpectedBytes is about how long the file of p will be, generously: its speech and
// its pauses, a quarter of them where a codec makes them smaller.
func (p *Plan) ExpectedBytes() int64 {
	n := p.speechBytes() + bytesPerFrame*int64(p.Least())
	if p.Encoding != "LINEAR16" && p.Encoding != "PCM" {
		n /= 4
	}
	return n
}

// Body speaks a plan onto w, encoded but without header and trailer. For
// encodings of [Synth.Pieces] it writes the sound that those want. What it
// wrote before an error is not fit for use. It stops its engine as soon as ctx
// ends.
func (s *Synth) Body(ctx context.Context, class engine.Class, p *Plan, w io.Writer) (Spoken, error) {
	encoder, err := s.newBody(p.Settings, audio.WriterWithContext(ctx, w))
	if err != nil {
		return Spoken{}, err
	}
	return s.speakTo(ctx, class, 0, p, encoder, nil)
}

// speakTo speaks a plan into an encoder and closes it. most is how many frames are
// too many for a file that nobody hears before it is whole; 0 is for all else. needed
// is its pace, if it has one.
func (s *Synth) speakTo(ctx context.Context, class engine.Class, most audio.Frames, p *Plan, encoder *encode.Encoder, needed *pace) (Spoken, error) {
	if _, err := s.voice(p.Voice); err != nil {
		return Spoken{}, err
	}
	r := &rendering{synth: s, ctx: ctx, class: class, patient: most > 0, most: most, pace: needed, settings: p.Settings, rest: p.Segments}
	cues, err := r.onto(encoder)
	if err != nil {
		return Spoken{}, err
	}
	if err := encoder.Close(); err != nil {
		return Spoken{}, err
	}
	return Spoken{Frames: encoder.Frames(), Cues: cues}, nil
}

// Wrapping is what stands around the bodies of a whole file of frames frames;
// nothing for encodings of [Synth.Pieces].
func (s *Synth) Wrapping(set Settings, frames audio.Frames) (header, trailer []byte, err error) {
	joiner, ok, err := s.joiner(set)
	if err != nil || !ok {
		return nil, nil, err
	}
	header, err = joiner.Header(set.SampleRate, frames)
	return header, joiner.Trailer(set.SampleRate, frames), err
}

var errTooLong = errors.New("more sound than allowed")

// limited is a writer that takes no more than left bytes.
type limited struct {
	w    io.Writer
	left int64
}

// WriteZeros implements audio.ZeroWriter: what is too much is not begun.
func (l *limited) WriteZeros(n int64) error {
	if l.left -= n; l.left < 0 {
		return errTooLong
	}
	return audio.WriteZeros(l.w, n)
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errTooLong
	}
	return l.w.Write(p)
}
