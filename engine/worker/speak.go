package worker

import (
	"context"
	"encoding/json"
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
	if p.broken != nil {
		return p.broken
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	u.Text = keepOffsets(u.Text)
	payload, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("%w: %w", driver.ErrFailed, err)
	}
	if len(payload) > MaxPayload {
		return fmt.Errorf("%w: the utterance has %d bytes, more than the %d of a frame", driver.ErrFailed, len(payload), MaxPayload)
	}
	p.spoken.Store(true)

	c := &call{process: p, ctx: ctx, sink: sink, textBytes: len(u.Text)}
	release := context.AfterFunc(ctx, c.stop)
	why := c.converse(append(appendHeader(nil, speakFrame, len(payload)), payload...))
	if !release() {
		c.stop() // waits for the one that runs
	}
	return c.outcome(why)
}

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

// call is one utterance under way.
type call struct {
	process   *Process
	ctx       context.Context
	sink      driver.Sink
	textBytes int
	last      driver.Event
	refused   error // by the sink
	failed    error // said the worker

	stopping sync.Once
	deadline *time.Timer // not nil once stopping
}

// stop asks the worker to end the utterance and kills it if it does not.
func (c *call) stop() {
	c.stopping.Do(func() {
		c.deadline = time.AfterFunc(c.process.grace, c.process.child.kill)
		c.process.send(appendHeader(nil, cancelFrame, 0)) // a failure shows when reading
	})
}

// converse sends the utterance and hears the answer out. After a cancel it
// still reads to the end, so that the next utterance begins clean. An error
// says how the worker broke the protocol.
func (c *call) converse(speak []byte) error {
	if err := c.process.send(speak); err != nil {
		return fmt.Errorf("it does not read its stdin: %w", err)
	}
	for {
		t, n, err := c.process.readHeader()
		if err != nil {
			return fmt.Errorf("it broke off within an utterance: %w", err)
		}
		switch t {
		case audioFrame:
			err = c.audio(n)
		case eventFrame:
			err = c.event(n)
		case errorFrame:
			return c.failure(n)
		case endFrame:
			if n != 0 {
				return fmt.Errorf("its end frame has a payload of %d bytes", n)
			}
			return nil
		default:
			return fmt.Errorf("it sent a frame of unknown type %q", t)
		}
		if err != nil {
			return err
		}
	}
}

// unwanted says that what still comes is to be dropped.
func (c *call) unwanted() bool { return c.refused != nil || c.ctx.Err() != nil }

func (c *call) refuse(err error) {
	if err != nil {
		c.refused = err
		c.stop()
	}
}

func (c *call) audio(n int) error {
	frames, err := c.process.sound(n)
	if err != nil {
		return err
	}
	if len(frames) > 0 && !c.unwanted() {
		c.refuse(c.sink.Audio(frames))
	}
	return nil
}

func (c *call) event(n int) error {
	payload, err := c.process.payload(n)
	if err != nil {
		return err
	}
	e, err := parseEvent(payload)
	if err != nil {
		return fmt.Errorf("its event cannot be read: %w", err)
	}
	switch {
	case e.Token.Start < 0 || e.Token.End < e.Token.Start || e.Token.End > c.textBytes:
		return fmt.Errorf("its event has the token %d to %d in a text of %d bytes", e.Token.Start, e.Token.End, c.textBytes)
	case e.StartFrame < c.last.StartFrame || e.EndFrame < e.StartFrame:
		return fmt.Errorf("its event from frame %d to %d follows one from frame %d", e.StartFrame, e.EndFrame, c.last.StartFrame)
	}
	c.last = e
	if !c.unwanted() {
		c.refuse(c.sink.Event(e))
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
