package clip

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

// track is a sound whose packets were found and counted, and not yet decoded.
type track struct {
	format  string
	rate    audio.SampleRate
	packets decoder
	// skip frames come before the sound, frames are the sound; the packets
	// have at least both.
	skip, frames audio.Frames
}

// decoder decodes packets in order, each to mono frames.
type decoder interface {
	// next returns the frames of the next packet, valid until the next call,
	// and whether it could be decoded; one that could not is silence of its
	// length. After the last it returns none.
	next() (frames []float32, ok bool)
}

// openers find the packets of a clip of their format; they recognize it by
// its first bytes. None of them trusts a length that it has not counted.
// Their errors are sentences.
var openers = []struct {
	recognize func([]byte) bool
	open      func([]byte, limits) (*track, error)
}{
	{isWAV, openWAV},
	{isOgg, openOpus},
	{isMP3, openMP3},
}

// decode opens the sound in encoded, which may be hostile.
func decode(ctx context.Context, encoded []byte, most limits) (*sound, error) {
	for _, o := range openers {
		if !o.recognize(encoded) {
			continue
		}
		t, err := o.open(encoded, most)
		if err != nil {
			return nil, err
		}
		if t.frames <= 0 {
			return nil, fault.New(fault.InvalidArgument, "The clip is %s and has no sound in it.", t.format)
		}
		s := &sound{ctx: ctx, track: t, left: t.frames, toSkip: t.skip}
		if !s.proves() {
			return nil, fault.New(fault.InvalidArgument, "The clip looks like %s but cannot be decoded.", t.format)
		}
		return s, nil
	}
	return nil, fault.New(fault.InvalidArgument, "The clip is not in a format that can be played; use MP3, Ogg Opus or WAV.")
}

func tooLong(most limits) error {
	return fault.New(fault.InvalidArgument, "The clip plays for more than %g seconds.", most.duration.Seconds())
}

// sound is a track that is being played.
type sound struct {
	ctx context.Context
	*track
	toSkip, left audio.Frames
	ahead        [][]float32 // packets decoded by proves
	rest         []float32   // of the packet being read
}

// provesWithin is how many packets may be damaged before the first good one:
// a recording cut out of a longer one begins with some.
const provesWithin = 64

// proves reports whether the sound can be decoded at all, by decoding its
// packets up to the first good one.
func (s *sound) proves() bool {
	for range provesWithin {
		frames, ok := s.packets.next()
		if len(frames) == 0 {
			return false
		}
		s.ahead = append(s.ahead, append([]float32(nil), frames...))
		if ok {
			return true
		}
	}
	return false
}

func (s *sound) SampleRate() audio.SampleRate { return s.rate }

// Frames is how many frames the sound has from its start.
func (s *sound) Frames() audio.Frames { return s.frames }

func (s *sound) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	if s.ctx.Err() != nil {
		return 0, fault.From(context.Cause(s.ctx))
	}
	for len(s.rest) == 0 {
		s.rest = s.packet()
		skipped := min(s.toSkip, int64(len(s.rest)))
		s.toSkip -= skipped
		s.rest = s.rest[skipped:]
	}
	n := int(min(int64(len(p)), int64(len(s.rest)), s.left))
	for i, x := range s.rest[:n] {
		if x != x {
			x = 0 // a float WAV may hold anything
		}
		p[i] = max(-1, min(1, x))
	}
	s.rest = s.rest[n:]
	s.left -= int64(n)
	return n, nil
}

// packet is the next packet's frames, at least one.
func (s *sound) packet() []float32 {
	if len(s.ahead) > 0 {
		frames := s.ahead[0]
		s.ahead = s.ahead[1:]
		return frames
	}
	if frames, _ := s.packets.next(); len(frames) > 0 {
		return frames
	}
	return make([]float32, 1024) // a decoder that stops short leaves silence
}

// guarded calls f, which runs somebody else's code on hostile bytes, and
// makes an error of a panic.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder panicked: %v", r)
		}
	}()
	return f()
}

// average folds interleaved frames of two channels into the front half.
func average(interleaved []float32) []float32 {
	mono := interleaved[:len(interleaved)/2]
	for i := range mono {
		mono[i] = (interleaved[2*i] + interleaved[2*i+1]) / 2
	}
	return mono
}

// decibels is a gain in dB as a factor.
func decibels(gain float64) float32 { return float32(math.Pow(10, gain/20)) }

func hasAt(b []byte, at int, what string) bool {
	return len(b) >= at+len(what) && bytes.Equal(b[at:at+len(what)], []byte(what))
}
