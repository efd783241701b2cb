package synth

import (
	"bytes"
	"context"
	"errors"
	"io"
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

// File speaks a plan and returns a whole file of at most limit bytes of sound. There
// is room for [Plan.ExpectedBytes] of it from the start, for what grows is there twice;
// a server sets so much aside before. It stops its engine as soon as ctx ends.
func (s *Synth) File(ctx context.Context, class engine.Class, p *Plan, limit int64) ([]byte, Spoken, error) {
	format, err := s.formats.Lookup(p.Encoding)
	if err != nil {
		return nil, Spoken{}, err
	}
	parts := format.Parts()
	most := limit / parts.Size(p.SampleRate, 1) // the work goes by the sound, whatever it is encoded to
	if p.Least() > most {
		return nil, Spoken{}, tooLong(limit)
	}
	body, done := s.room(headerRoom + min(p.ExpectedBytes(), limit))
	defer done()
	encoder, err := format.NewEncoder(audio.WriterWithContext(ctx, body), p.SampleRate, -1)
	if err != nil {
		return nil, Spoken{}, err
	}
	encoder.Limit(most)
	spoken, err := s.speakTo(ctx, class, max(most, 1), p, encoder, paceOf(p), nil)
	if errors.Is(err, encode.ErrLimit) || errors.Is(err, errTooLong) {
		return nil, Spoken{}, tooLong(limit)
	}
	if err != nil {
		return nil, Spoken{}, err
	}
	file, err := sized(body.Bytes(), parts, p.SampleRate, spoken.Frames)
	if int64(body.Cap()) <= roomKept {
		file = bytes.Clone(file)
	}
	return file, spoken, err
}

// roomKept is how much room for a file is used again, in bytes. The file of a sentence
// or two is copied out of it: what is asked for is twice as long as most sounds, and to
// clear and collect it anew for each of them costs more than that.
const roomKept = 1 << 20

// room is where a file of about n bytes is put together, until done.
func (s *Synth) room(n int64) (body *bytes.Buffer, done func()) {
	if n > roomKept {
		return bytes.NewBuffer(make([]byte, 0, n)), func() {}
	}
	body, ok := s.rooms.Get().(*bytes.Buffer)
	if !ok || int64(body.Cap()) < n {
		body = bytes.NewBuffer(make([]byte, 0, n))
	}
	body.Reset()
	return body, func() {
		if body.Cap() <= roomKept {
			s.rooms.Put(body)
		}
	}
}

// headerRoom is what stands before and behind the sound of a file, generously.
const headerRoom = 128

// sized is a file whose header says "until the end", with header and trailer of its
// length in their place. One that needs a longer header in the end (RF64) is put
// together anew.
func sized(file []byte, parts encode.Parts, rate audio.SampleRate, frames audio.Frames) ([]byte, error) {
	begun, err := parts.Header(rate, -1)
	if err != nil {
		return nil, err
	}
	header, err := parts.Header(rate, frames)
	if err != nil {
		return nil, err
	}
	file = append(file, parts.Trailer(rate, frames)...)
	if len(header) != len(begun) {
		return append(header, file[len(begun):]...), nil
	}
	copy(file, header)
	return file, nil
}

func tooLong(limit int64) error {
	return fault.Invalid(FieldSound, "The sound would have more than %d bytes. Shorten the text or its pauses, or use SynthesizeLongAudio.", limit)
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
	return bytesPerFrame * p.SampleRate.Frames(speech)
}

// ExpectedBytes is about how long the file of p will be, generously: its speech and
// its pauses, a quarter of them where a codec makes them smaller.
func (p *Plan) ExpectedBytes() int64 {
	n := p.speechBytes() + bytesPerFrame*p.Least()
	if p.Encoding != "LINEAR16" && p.Encoding != "PCM" {
		n /= 4
	}
	return n
}

// Progress is how far the speaking of a plan is.
type Progress struct {
	// Over is how much of the plan's Weight was spoken, Begun that with the segment
	// that is being spoken.
	Over, Begun int64
	// Frames is how much sound was made, at the rate of the plan.
	Frames audio.Frames
}

// Body speaks a plan onto w, encoded but without header and trailer. For
// encodings of [Synth.Pieces] it writes the sound that those want. What it
// wrote before an error is not fit for use. It stops its engine as soon as ctx
// ends.
func (s *Synth) Body(ctx context.Context, class engine.Class, p *Plan, w io.Writer) (Spoken, error) {
	return s.BodyTelling(ctx, class, p, w, nil)
}

// BodyTelling is Body that tells how far it is, where a segment begins, at the end, and
// whenever there is more sound.
func (s *Synth) BodyTelling(ctx context.Context, class engine.Class, p *Plan, w io.Writer, tell func(Progress)) (Spoken, error) {
	format, err := s.formats.Lookup(p.Encoding)
	if err != nil {
		return Spoken{}, err
	}
	encoder, err := format.Parts().NewEncoder(audio.WriterWithContext(ctx, w), p.SampleRate)
	if err != nil {
		return Spoken{}, err
	}
	r := &rendering{synth: s, ctx: ctx, class: class, settings: p.Settings, rest: p.Segments, tell: tell}
	return r.onto(encoder)
}

// speakTo speaks a plan into an encoder and closes it. most is how many frames are
// too many for a file that nobody hears before it is whole; 0 is for all else. needed
// is its pace, if it has one, and tell, if not nil, is told how far it is.
func (s *Synth) speakTo(ctx context.Context, class engine.Class, most audio.Frames, p *Plan, encoder *encode.Encoder, needed *pace, tell func(Progress)) (Spoken, error) {
	r := &rendering{synth: s, ctx: ctx, class: class, patient: most > 0, most: most, pace: needed, settings: p.Settings, rest: p.Segments, tell: tell}
	return r.onto(encoder)
}

// Wrapping is what stands around the bodies of a whole file of frames frames;
// nothing for encodings of [Synth.Pieces].
func (s *Synth) Wrapping(set Settings, frames audio.Frames) (header, trailer []byte, err error) {
	format, err := s.formats.Lookup(set.Encoding)
	if err != nil {
		return nil, nil, err
	}
	parts := format.Parts()
	header, err = parts.Header(set.SampleRate, frames)
	return header, parts.Trailer(set.SampleRate, frames), err
}

var errTooLong = errors.New("more sound than allowed")
