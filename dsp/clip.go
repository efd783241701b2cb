package dsp

import (
	"io"

	"github.com/lectern/lectern/audio"
)

// Clip plays the frames of s from frame from up to frame to, without the
// latter. What lies before is read and dropped, what lies behind is not read.
// A negative to is the end of s. When nothing lies between, s is not read.
func Clip(s audio.Stream, from, to audio.Frames) audio.Stream {
	from = max(0, from)
	if from == 0 && to < 0 {
		return s
	}
	c := &clip{source: s, skip: from, left: -1}
	if to >= 0 {
		c.left = max(0, to-from)
	}
	return c
}

type clip struct {
	source audio.Stream
	skip   audio.Frames
	left   audio.Frames // -1 for as many as there are
	err    error
}

func (c *clip) SampleRate() audio.SampleRate { return c.source.SampleRate() }

func (c *clip) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if c.left == 0 {
		return 0, io.EOF
	}
	c.drop()
	if c.err != nil {
		return 0, c.err
	}
	if c.left > 0 {
		p = p[:min(int64(len(p)), c.left)]
	}
	n, err := c.source.Read(p)
	if c.left > 0 {
		c.left -= int64(n)
	}
	c.err = err
	return n, err
}

// drop reads what lies before.
func (c *clip) drop() {
	if c.skip == 0 {
		return
	}
	block := make([]float32, readAhead)
	for c.skip > 0 && c.err == nil {
		n, err := c.source.Read(block[:min(c.skip, readAhead)])
		c.skip -= int64(n)
		c.err = err
	}
}

// Repeat plays what open opens count times without a gap, but no more than most
// frames; a negative most sets no bound. Each opened stream that is an
// [io.Closer] is closed when it is over, and when the result, an io.Closer as
// well, is closed. open is called when its sound is needed. A sound of no
// frames is not repeated.
func Repeat(rate audio.SampleRate, open func() (audio.Stream, error), count int, most audio.Frames) audio.Stream {
	r := &repeat{}
	r.source = Clip(concatenated(rate, func() (audio.Stream, error) {
		if err := r.Close(); err != nil {
			return nil, err
		}
		if count <= 0 || r.opened && r.frames == 0 {
			return nil, io.EOF
		}
		count--
		s, err := open()
		if err != nil {
			return nil, err
		}
		r.opened, r.frames = true, 0
		r.current = s
		return &counted{s, &r.frames}, nil
	}), 0, most)
	return r
}

type repeat struct {
	source  audio.Stream
	current audio.Stream
	opened  bool
	frames  audio.Frames // of the sound that is or was last played
}

func (r *repeat) SampleRate() audio.SampleRate { return r.source.SampleRate() }

func (r *repeat) Read(p []float32) (int, error) {
	n, err := r.source.Read(p)
	if err != nil {
		if failed := r.Close(); failed != nil && err == io.EOF {
			err = failed
		}
	}
	return n, err
}

func (r *repeat) Close() error {
	s := r.current
	r.current = nil
	return closeStream(s)
}

// closeStream closes s if it can be closed.
func closeStream(s audio.Stream) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// counted counts the frames that are read.
type counted struct {
	audio.Stream
	frames *audio.Frames
}

func (c *counted) Read(p []float32) (int, error) {
	n, err := c.Stream.Read(p)
	*c.frames += int64(n)
	return n, err
}
