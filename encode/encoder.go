package encode

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// ErrLength is wrapped by the error of an encoder that was promised another
// number of frames than came.
var ErrLength = errors.New("other number of frames than announced")

// ErrLimit is wrapped by the error of an encoder that was given more frames
// than [Encoder.Limit] allows.
var ErrLimit = errors.New("more frames than allowed")

var errClosed = errors.New("the encoder is closed")

// Encoder turns frames into bytes, in order, for one goroutine.
type Encoder struct {
	driver    driver.Encoder
	format    string
	announced audio.Frames // -1: not known
	most      audio.Frames // 0: no limit
	often     audio.Frames // 0: nothing is flushed but by Flush
	frames    audio.Frames
	flushed   audio.Frames
	seen      func(audio.Frames) // nil for who does not watch
	err       error
}

// Encode takes more frames. Full scale is ±1; what exceeds it is clipped, and
// NaN is silence. The slice is the caller's again on return. After an error
// every further call returns it.
func (e *Encoder) Encode(frames []float32) error {
	if err := e.expect(audio.Frames(len(frames))); err != nil {
		return err
	}
	if len(frames) == 0 {
		return nil
	}
	if err := e.driver.Encode(frames); err != nil {
		e.err = fmt.Errorf("encode %s: %w", e.format, err)
		return e.err
	}
	e.taken(audio.Frames(len(frames)))
	return e.keepUp()
}

// expect fails when n more frames cannot be taken.
func (e *Encoder) expect(n audio.Frames) error {
	if e.err == nil && e.most > 0 && e.frames+n > e.most {
		e.err = fmt.Errorf("encode %s: %w", e.format, ErrLimit)
	}
	if e.err == nil && e.announced >= 0 && e.frames+n > e.announced {
		e.err = fmt.Errorf("encode %s: more than %d frames: %w", e.format, e.announced, ErrLength)
	}
	return e.err
}

// Limit makes the encoder refuse more than most frames, with [ErrLimit].
func (e *Encoder) Limit(most audio.Frames) { e.most = max(most, 1) }

// FlushEvery has the encoder flush by itself, whenever n frames have come since it
// did and where a sound ends that was copied.
func (e *Encoder) FlushEvery(n audio.Frames) { e.often = max(n, 1) }

// Watch has seen told the frames taken so far, whenever there are more of them.
func (e *Encoder) Watch(seen func(frames audio.Frames)) { e.seen = seen }

func (e *Encoder) taken(n audio.Frames) {
	e.frames += n
	if e.seen != nil {
		e.seen(e.frames)
	}
}

// keepUp flushes when it is time to.
func (e *Encoder) keepUp() error {
	if e.often == 0 || e.frames-e.flushed < e.often {
		return nil
	}
	return e.Flush()
}

// over flushes behind a sound.
func (e *Encoder) over() error {
	if e.often == 0 {
		return nil
	}
	return e.Flush()
}

// Frames is how many frames were taken so far.
func (e *Encoder) Frames() audio.Frames { return e.frames }

// Copy encodes s to its end. The error is that of s, unwrapped, or of e.
func (e *Encoder) Copy(s audio.Stream) error {
	var block [8192]float32
	for {
		if err := e.rest(s); err != nil {
			return err
		}
		n, err := s.Read(block[:])
		if n > 0 {
			if err := e.Encode(block[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return e.over()
		}
		if err != nil {
			return err
		}
	}
}

// rest takes the silence that s says comes next as what it is, a length, if the
// format can.
func (e *Encoder) rest(s audio.Stream) error {
	silent, ok := e.driver.(driver.RestEncoder)
	if !ok {
		return nil
	}
	n := audio.Rest(s, math.MaxInt64)
	if n == 0 {
		return nil
	}
	if err := e.expect(n); err != nil {
		return err
	}
	if err := silent.EncodeSilence(n); err != nil {
		e.err = fmt.Errorf("encode %s: %w", e.format, err)
		return e.err
	}
	e.taken(n)
	return nil
}

// CopyFrames is Copy for a sound of 16-bit samples. It gives the same bytes,
// without a conversion there and back where the format holds such samples.
func (e *Encoder) CopyFrames(s audio.PCMStream) error {
	direct, ok := e.driver.(driver.FrameEncoder)
	if !ok {
		return e.Copy(s)
	}
	var block [8192]int16
	for {
		if err := e.rest(s); err != nil {
			return err
		}
		n, err := s.ReadFrames(block[:])
		if n > 0 {
			if err := e.expect(audio.Frames(n)); err != nil {
				return err
			}
			if err := direct.EncodeFrames(block[:n]); err != nil {
				e.err = fmt.Errorf("encode %s: %w", e.format, err)
				return e.err
			}
			e.taken(audio.Frames(n))
			if err := e.keepUp(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return e.over()
		}
		if err != nil {
			return err
		}
	}
}

// Flush writes what the format gathers, as far as it can, so that whoever listens
// while the sound is made hears all of it but some milliseconds.
func (e *Encoder) Flush() error {
	e.flushed = e.frames
	f, ok := e.driver.(driver.Flusher)
	if !ok || e.err != nil {
		return e.err
	}
	if err := f.Flush(); err != nil {
		e.err = fmt.Errorf("encode %s: %w", e.format, err)
	}
	return e.err
}

// Close writes what is pending and the trailer, and fails when another number
// of frames was announced than came. It does not close the writer. After a
// failed Encode it returns that error and writes nothing more.
func (e *Encoder) Close() error {
	if e.err != nil {
		return e.err
	}
	e.err = errClosed
	if e.announced >= 0 && e.frames != e.announced {
		return fmt.Errorf("close %s: %d frames of %d: %w", e.format, e.frames, e.announced, ErrLength)
	}
	if err := e.driver.Close(); err != nil {
		return fmt.Errorf("close %s: %w", e.format, err)
	}
	return nil
}
