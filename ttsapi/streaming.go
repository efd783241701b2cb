package ttsapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

const (
	// silentFor is how long a stream may have neither text nor sound to come
	// (docs/contract.md 10).
	silentFor = 5 * time.Second
	// untakenFor is how long a client may take nothing of the sound, from when it can
	// have heard all that was sent.
	untakenFor = 30 * time.Second
	// leastSound and mostSound are how much goes into one message, while there is
	// more: little, so that it is heard soon.
	leastSound, mostSound = 20 * time.Millisecond, 40 * time.Millisecond
	// farewell is how long the last message of a stream that is over may take.
	farewell = 100 * time.Millisecond
)

// dialogue is a StreamingSynthesize call of either version.
type dialogue = pb.TextToSpeech_StreamingSynthesizeServer

// streamingSynthesize serves StreamingSynthesize (docs/contract.md 2.10). Text is
// spoken as it comes: one goroutine listens, one speaks, and whichever fails, or
// the end of the call, ends the other and the engine. A client that does not take
// the sound holds up the speaker, and so the engine, and then the listener.
//
// It refuses nothing before it has read the first message: clients that are still
// sending it take an earlier status for a broken connection.
func (s *Service) streamingSynthesize(d dialogue) error {
	config, err := firstMessage(d)
	if err != nil {
		return err
	}
	turn, err := s.callers.Stream(s.callerOf(d.Context()))
	if err != nil {
		return err
	}
	defer turn.Leave()
	account := s.accountOf(d.Context(), "")
	finish, err := account.Stream()
	if err != nil {
		return err
	}
	defer finish()
	if err := account.Ask(0); err != nil {
		return err
	}
	ctx, abort := context.WithCancelCause(d.Context())
	defer abort(nil)
	c := &conversation{dialogue: d, service: s, account: account, turn: turn, abort: abort, talkative: newAlarm(silentFor, func() { abort(errSilent) })}
	defer c.talkative.stop()
	c.untaken = time.AfterFunc(untakenFor, func() { abort(errUntaken) })
	c.untaken.Stop()
	request := synth.TalkRequest{Lexicons: lexiconsOf(ctx), Idle: s.streamIdle, Begin: turn.Begin, Waits: c.rests}
	if c.speakers, err = s.readStream(ctx, config, &request); err != nil {
		return err
	}
	if c.talk, err = s.synth.Talk(ctx, request); err != nil {
		return ofStream(named(err))
	}
	if c.encoder, err = c.talk.Encoder(&c.encoded); err != nil {
		_ = c.talk.Close()
		return ofStream(named(err))
	}
	_ = d.SetHeader(metadata.Pairs(voiceHeader, c.talk.Voice(), rateHeader, strconv.Itoa(int(c.talk.SampleRate()))))
	spoken := make(chan error, 1)
	go func() {
		defer turn.Heard()
		err := c.speak()
		_ = c.talk.Close()
		spoken <- err
	}()
	go c.listen()
	select {
	case err = <-spoken:
	case <-ctx.Done():
		// The speaker may be waiting for a client that takes nothing: only the
		// call's end frees it.
		select {
		case <-spoken:
		case <-time.After(farewell):
		}
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return named(err)
}

// firstMessage is the configuration of a stream.
func firstMessage(d dialogue) (*pb.StreamingSynthesizeConfig, error) {
	first, err := d.Recv()
	if errors.Is(err, io.EOF) {
		return nil, fault.Invalid(streamField, "The stream is empty. Its first message must have a streaming_config, with at least a voice; the others have input.")
	}
	if err != nil {
		return nil, err
	}
	config := first.GetStreamingConfig()
	if config == nil {
		return nil, fault.Invalid(streamField, "The first message of a stream must have a streaming_config, with at least a voice; input comes in the messages behind it.")
	}
	return config, nil
}

var (
	errSilent = fault.New(fault.Aborted, "Stream aborted due to long duration elapsed without input sent. Input must be sent continuously, at least every %v; close your side of the stream when the text is complete.", silentFor)

	errUntaken = fault.New(fault.DeadlineExceeded, "Nothing of the sound was taken for %v. Read the stream's answers while you send text.", untakenFor)
)

// conversation is a stream under way.
type conversation struct {
	dialogue
	service  *Service
	account  *quota.Account
	turn     *callers.Stream
	abort    context.CancelCauseFunc
	speakers map[string]voices.Wish
	talk     *synth.Talk

	talkative *alarm // rings when neither side has said anything for long

	// The listener's.
	kind string // of its inputs: the field they are in

	// The speaker's.
	encoder *encode.Encoder
	encoded bytes.Buffer
	held    audio.Frames // of the sound in encoded, about
	failed  error        // of sending
	unsent  audio.Frames // of the sound since something was sent
	untaken *time.Timer  // runs while something is sent
}

// listen says what the client says.
func (c *conversation) listen() {
	for {
		c.talkative.wait(listening)
		message, err := c.Recv()
		c.talkative.busy(listening)
		if errors.Is(err, io.EOF) {
			c.talk.End()
			return
		}
		if err == nil {
			err = c.hear(message)
		}
		if err != nil {
			c.abort(err)
			return
		}
	}
}

// speak sends the sound.
func (c *conversation) speak() error {
	rate := c.talk.SampleRate()
	block := make([]float32, rate.Frames(mostSound))
	least := rate.Frames(leastSound)
	for {
		n, err := c.talk.Read(block[:audio.Frames(len(block))-min(c.held, least)])
		if n > 0 {
			c.turn.Heard()
			c.account.Spoken(rate.Duration(audio.Frames(n)))
			c.held += audio.Frames(n)
			c.unsent += audio.Frames(n)
			err = c.encoder.Encode(block[:n])
		}
		if err == nil && c.held >= least {
			err = c.pass()
		}
		if c.failed != nil {
			return c.failed
		}
		if err == io.EOF {
			if err := c.encoder.Close(); err != nil {
				return err
			}
			return c.sent()
		}
		if err != nil {
			return err
		}
	}
}

// rests is the talk's Waits.
func (c *conversation) rests(waits bool) {
	if !waits {
		c.talkative.busy(speaking)
		return
	}
	if c.failed == nil {
		c.failed = c.pass()
	}
	if c.failed != nil {
		c.abort(c.failed)
	}
	c.talkative.wait(speaking)
}

// pass sends what is encoded.
func (c *conversation) pass() error {
	if err := c.encoder.Flush(); err != nil {
		return err
	}
	c.held = 0
	return c.sent()
}

// sent sends what the encoder has written.
func (c *conversation) sent() error {
	if c.encoded.Len() == 0 {
		return nil
	}
	c.untaken.Reset(untakenFor + time.Until(c.turn.HeardBy()))
	defer c.untaken.Stop()
	err := c.Send(&pb.StreamingSynthesizeResponse{AudioContent: c.encoded.Bytes()})
	c.encoded.Reset()
	c.turn.Sent(c.talk.SampleRate().Duration(c.unsent))
	c.unsent = 0
	return err
}
