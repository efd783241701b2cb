package dsp

import (
	"fmt"
	"io"

	"github.com/lectern/lectern/audio"
)

// concatenated plays the streams that next returns, one after the other without a
// gap. next is called when the stream before has ended, the first time by the
// first Read; io.EOF says that there are no more. Every stream must have rate.
func concatenated(rate audio.SampleRate, next func() (audio.Stream, error)) audio.Stream {
	return &concat{rate: rate, next: next}
}

type concat struct {
	rate    audio.SampleRate
	next    func() (audio.Stream, error)
	current audio.Stream
	err     error
}

func (c *concat) SampleRate() audio.SampleRate { return c.rate }

func (c *concat) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for c.err == nil {
		if c.current == nil {
			c.advance()
			continue
		}
		n, err := c.current.Read(p)
		switch {
		case err == io.EOF:
			c.current = nil
		case err != nil:
			c.err = err
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, c.err
}

func (c *concat) advance() {
	s, err := c.next()
	if err == nil && s.SampleRate() != c.rate {
		err = fmt.Errorf("dsp: a stream of %v was joined to one of %v", s.SampleRate(), c.rate)
	}
	c.current, c.err = s, err
}
