package wyoming

import (
	"context"
	"strings"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// stream is text that is spoken while it comes.
type stream struct {
	talk    *synth.Talk
	turn    *callers.Stream
	leave   func() // ends its count
	account *quota.Account
	spoken  chan error // what became of the sound
	// A document can be read only when it is whole: then there is no talk.
	document *strings.Builder
	begun    *event
}

// start begins a stream. A second one before the first has stopped is a mistake.
func (c *connection) start(ctx context.Context, e *event) error {
	if c.stream != nil {
		return fault.New(fault.FailedPrecondition, "synthesize-start came twice; send synthesize-stop first.")
	}
	wish, err := c.wish(e)
	if err != nil {
		return err
	}
	if wish.ssml {
		c.stream = &stream{document: new(strings.Builder), begun: e}
		return nil
	}
	account, turn, leave, err := c.count(ctx)
	if err != nil {
		return err
	}
	if err := account.Ask(0); err != nil {
		leave()
		return err
	}
	talk, err := c.server.Synth.Talk(ctx, synth.TalkRequest{Voice: wish.voice, Lexicons: wish.lexicons, Encoding: pcm.Name, Idle: c.server.TextIdle, Begin: turn.Begin})
	if err != nil {
		leave()
		return err
	}
	c.stream = &stream{talk: talk, account: account, turn: turn, leave: leave, spoken: make(chan error, 1)}
	go func(s *stream) { s.spoken <- c.speak(s) }(c.stream)
	return nil
}

// speak sends the sound of a stream's talk.
func (c *connection) speak(s *stream) error {
	talk := s.talk
	defer s.turn.Heard()
	out := &sound{c: c, rate: talk.SampleRate(), turn: s.turn}
	encoder, err := talk.Encoder(out)
	if err == nil {
		err = encoder.Copy(talk)
	}
	if err == nil {
		err = encoder.Close()
	}
	if encoder != nil {
		s.account.Spoken(talk.SampleRate().Duration(encoder.Frames()))
	}
	if err == nil {
		err = out.stop()
	}
	if err != nil {
		_ = talk.Close() // whoever says more is told
	}
	return err
}

// say adds text. What ended the sound early is its error.
func (s *stream) say(text string) error {
	if s.talk == nil {
		if s.document.Len()+len(text) > mostJSON {
			return fault.Invalid("text", "The document has more than %d bytes.", mostJSON)
		}
		s.document.WriteString(text)
		return nil
	}
	err := s.account.More(quota.OfText(text))
	if err == nil {
		err = s.talk.Say(text)
	}
	if err != nil {
		_ = s.talk.Close()
		if reason := <-s.spoken; reason != nil {
			err = reason
		}
		s.spoken <- err
		return err
	}
	return nil
}

// stop ends the stream when all of it has been sent.
func (c *connection) stop(ctx context.Context) error {
	s := c.stream
	c.speaking(true)
	defer c.speaking(false)
	if s.talk == nil {
		c.stream = nil
		if err := c.whole(ctx, s.begun, s.document.String()); err != nil {
			return err
		}
		return c.send("synthesize-stopped", nil)
	}
	s.talk.End()
	err := <-s.spoken
	s.spoken <- err
	if err != nil {
		return err
	}
	s.close()
	c.stream = nil
	return c.send("synthesize-stopped", nil)
}

// close stops the stream's speech, and returns when it has stopped.
func (s *stream) close() {
	if s.talk != nil {
		_ = s.talk.Close()
		<-s.spoken
		s.leave()
	}
}
