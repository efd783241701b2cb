package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Speak sends u to the worker and gives sink what comes back, as driver.Engine
// says.
func (p *Process) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	s := &speaking{call: call{process: p, ctx: ctx, textBytes: len(u.Text)}, sink: sink}
	return s.order(speakFrame, u, s.hear)
}

// order sends the worker an utterance and has hear read the payload of each
// frame that comes back, but for those that end every answer. What hear does not
// know is errUnknownFrame.
func (c *call) order(t frameType, u speech.Utterance, hear func(frameType, int) error) error {
	if c.process.broken != nil {
		return c.process.broken
	}
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	u.Text = keepOffsets(u.Text)
	payload, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("%w: %w", driver.ErrFailed, err)
	}
	if len(payload) > maxPayload {
		return fmt.Errorf("%w: the utterance has %d bytes, more than the %d of a frame", driver.ErrFailed, len(payload), maxPayload)
	}
	c.process.spoken.Store(true)

	c.process.writing.Lock() // a cancel must not overtake the order
	release := context.AfterFunc(c.ctx, c.stop)
	_, err = c.process.child.stdin.Write(append(appendHeader(nil, t, len(payload)), payload...))
	c.process.writing.Unlock()
	var why error
	if err != nil {
		why = fmt.Errorf("it does not read its stdin: %w", err)
	} else {
		why = c.converse(hear)
	}
	if !release() {
		c.stop() // waits for the one that runs
	}
	return c.outcome(why)
}

// errUnknownFrame says that a frame is none of an answer's.
var errUnknownFrame = errors.New("it sent a frame of unknown type")

// keepOffsets replaces each byte that is not UTF-8 by a space. JSON would put
// three bytes in its place and shift the words behind it.
func keepOffsets(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			b.WriteByte(' ')
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// call is one order under way.
type call struct {
	process   *Process
	ctx       context.Context
	textBytes int
	refused   error // by the sink
	failed    error // said the worker

	stopping sync.Once
	deadline *time.Timer // not nil once stopping
}

// stop asks the worker to end the utterance and kills it if it does not.
func (c *call) stop() {
	c.stopping.Do(func() {
		c.deadline = time.AfterFunc(c.process.grace, c.process.child.kill)
		_ = c.process.send(appendHeader(nil, cancelFrame, 0)) // a failure shows when reading
	})
}

// speaking is a call that gives its answer to a sink.
type speaking struct {
	call
	sink driver.Sink
	last driver.Event
}

// converse hears the answer out. After a cancel it still reads to the end, so
// that the next utterance begins clean. An error says how the worker broke the
// protocol.
func (c *call) converse(hear func(frameType, int) error) error {
	for {
		t, n, err := c.process.readHeader()
		if err != nil {
			return fmt.Errorf("it broke off within an utterance: %w", err)
		}
		switch t {
		case errorFrame:
			return c.failure(n)
		case endFrame:
			if n != 0 {
				return fmt.Errorf("its end frame has a payload of %d bytes", n)
			}
			return nil
		}
		if err := hear(t, n); errors.Is(err, errUnknownFrame) {
			return fmt.Errorf("%w %q", err, t)
		} else if err != nil {
			return err
		}
	}
}

func (s *speaking) hear(t frameType, n int) error {
	switch t {
	case audioFrame:
		return s.audio(n)
	case eventFrame:
		return s.event(n)
	}
	return errUnknownFrame
}

// unwanted says that what still comes is to be dropped.
func (c *call) unwanted() bool { return c.refused != nil || c.ctx.Err() != nil }

func (c *call) refuse(err error) {
	if err != nil {
		c.refused = err
		c.stop()
	}
}

func (s *speaking) audio(n int) error {
	if n%2 != 0 {
		return fmt.Errorf("audio frame of %d bytes, which is not a whole number of samples", n)
	}
	for left := n / 2; left > 0; {
		frames, err := s.process.sound(left)
		if err != nil {
			return err
		}
		left -= len(frames)
		if !s.unwanted() {
			s.refuse(s.sink.Audio(frames))
		}
	}
	return nil
}

func (s *speaking) event(n int) error {
	payload, err := s.process.payload(n)
	if err != nil {
		return err
	}
	e, err := parseEvent(payload)
	if err != nil {
		return fmt.Errorf("its event cannot be read: %w", err)
	}
	switch {
	case e.Token.Start < 0 || e.Token.End < e.Token.Start || e.Token.End > s.textBytes:
		return fmt.Errorf("its event has the token %d to %d in a text of %d bytes", e.Token.Start, e.Token.End, s.textBytes)
	case e.StartFrame < s.last.StartFrame || e.EndFrame < e.StartFrame:
		return fmt.Errorf("its event from frame %d to %d follows one from frame %d", e.StartFrame, e.EndFrame, s.last.StartFrame)
	}
	s.last = e
	if !s.unwanted() {
		s.refuse(s.sink.Event(e))
	}
	return nil
}

func (c *call) failure(n int) error {
	payload, err := c.process.payload(n)
	if err != nil {
		return err
	}
	var f failure
	if err := json.Unmarshal(payload, &f); err != nil {
		return fmt.Errorf("its error frame cannot be read: %w", err)
	}
	c.failed = f.err()
	return nil
}

// outcome is what Speak returns, once nothing of the call runs any more.
func (c *call) outcome(why error) error {
	killed := c.deadline != nil && !c.deadline.Stop()
	if killed && why == nil {
		why = fmt.Errorf("it did not stop within %v of a cancel", c.process.grace)
	}
	var crashed error
	if why != nil {
		crashed = c.process.crash(why)
	}
	switch {
	case c.refused != nil:
		return c.refused
	case c.deadline != nil && crashed != nil:
		return fmt.Errorf("%w; %w", context.Cause(c.ctx), crashed)
	case c.deadline != nil:
		return context.Cause(c.ctx)
	case crashed != nil:
		return crashed
	}
	return c.failed
}
