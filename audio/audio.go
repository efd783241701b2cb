// Package audio holds the nouns of the sound side: sample rates, frames and
// streams. All sound in Lectern is mono, so a frame is one sample.
//
// Positions and lengths travel as frame counts together with their
// [SampleRate], never as floating seconds. Samples between stages are float32
// with full scale at ±1; stages may exceed it, encoders clip. Where no stage
// changes it, sound passes as the engine's own 16-bit samples ([PCMStream]), and a
// pause as a length ([Resting]).
package audio

import (
	"fmt"
	"io"
	"time"
)

// SampleRate is a number of frames per second, in hertz.
type SampleRate int

// Frames is a count of frames, or a position counted in frames from 0.
type Frames = int64

// Duration is the playing time of n frames, rounded down to the nanosecond.
func (r SampleRate) Duration(n Frames) time.Duration {
	whole, rest := n/int64(r), n%int64(r)
	return time.Duration(whole)*time.Second + time.Duration(rest)*time.Second/time.Duration(r)
}

// Frames is how many frames play for d, rounded to the nearest.
func (r SampleRate) Frames(d time.Duration) Frames {
	whole, rest := d/time.Second, d%time.Second
	return int64(whole)*int64(r) + (int64(rest)*int64(r)+int64(time.Second)/2)/int64(time.Second)
}

// String is the rate with its unit, such as "24000 Hz".
func (r SampleRate) String() string { return fmt.Sprintf("%d Hz", int(r)) }

// Stream is sound that is pulled.
//
// Read fills up to len(p) frames of p and returns how many. It returns either
// n > 0 with a nil error, or 0 with an error; io.EOF says that the sound ended
// well. After an error every further Read returns the same error. Reading into
// an empty p returns 0, nil. A Stream is read by one goroutine at a time.
// What stops a stream early (a context, a Close) belongs to its maker.
type Stream interface {
	SampleRate() SampleRate
	Read(p []float32) (n int, err error)
}

// PCMStream is a Stream whose frames are 16-bit samples at heart, as engines
// make them, and can be read as such without a conversion there and back. A
// sample s is the frame s/32768. Reads of both kinds may be mixed.
type PCMStream interface {
	Stream
	ReadFrames(p []int16) (n int, err error)
}

// Buffer is a whole sound in memory.
type Buffer struct {
	Rate    SampleRate
	Samples []float32
}

// Stream plays the buffer from its start. The buffer must not change meanwhile.
func (b Buffer) Stream() Stream { return &bufferStream{rate: b.Rate, rest: b.Samples} }

type bufferStream struct {
	rate SampleRate
	rest []float32
}

func (s *bufferStream) SampleRate() SampleRate { return s.rate }

func (s *bufferStream) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// ReadAll drains s into memory. For tests and short sounds.
func ReadAll(s Stream) (Buffer, error) {
	b := Buffer{Rate: s.SampleRate()}
	block := make([]float32, 4096)
	for {
		n, err := s.Read(block)
		b.Samples = append(b.Samples, block[:n]...)
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// Silence is a stream of n frames of zero.
func Silence(rate SampleRate, n Frames) PCMStream { return &silence{rate, n} }

type silence struct {
	rate SampleRate
	left Frames
}

func (s *silence) SampleRate() SampleRate { return s.rate }

func (s *silence) Read(p []float32) (int, error) {
	n, err := s.next(len(p))
	clear(p[:n])
	return n, err
}

func (s *silence) ReadFrames(p []int16) (int, error) {
	n, err := s.next(len(p))
	clear(p[:n])
	return n, err
}

// next takes up to most frames away from what is left.
func (s *silence) next(most int) (int, error) {
	if most == 0 {
		return 0, nil
	}
	if s.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(most), s.left))
	s.left -= int64(n)
	return n, nil
}
