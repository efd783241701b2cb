package ttsapi

import (
	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// hear checks a message behind the first and says what is in it.
func (c *conversation) hear(message *pb.StreamingSynthesizeRequest) error {
	if message.GetStreamingConfig() != nil {
		return fault.Invalid(streamField, "A stream has one streaming_config, in its first message. To change the voice or the sound, open another stream.")
	}
	in := message.GetInput()
	if in == nil {
		return fault.Invalid("input", "This field is required in every message behind the first.")
	}
	if err := c.service.readPrompt(in.Prompt); err != nil {
		return err
	}
	if in.Prompt != nil {
		// It fails when the sound has begun, and there is nothing to tell then
		// that was not told: programs send their prompt with the first input.
		_ = c.SetHeader(metadata.Pairs(ignoredHeader, promptField))
	}
	switch source := in.InputSource.(type) {
	case *pb.StreamingSynthesisInput_Text:
		return c.fragment("input.text", source.Text, c.talk.Say)
	case *pb.StreamingSynthesisInput_Markup:
		return c.fragment("input.markup", source.Markup, c.talk.SayMarkup)
	case *pb.StreamingSynthesisInput_MultiSpeakerMarkup:
		return c.turns(source.MultiSpeakerMarkup)
	}
	return fault.Invalid("input", "Nothing to speak: set input.text, input.markup or input.multi_speaker_markup.")
}

// is refuses an input of another kind than those before.
func (c *conversation) is(kind string) error {
	if c.kind != "" && c.kind != kind {
		return fault.Invalid(kind, "The inputs of this stream are in %s; all of a stream's inputs must be of one kind.", c.kind)
	}
	c.kind = kind
	return nil
}

// fragment says a piece of text. It may be empty: what models write comes in
// pieces of any kind.
func (c *conversation) fragment(field, text string, say func(string) error) error {
	if err := c.is(field); err != nil {
		return err
	}
	if limit := c.service.limits.TextBytes; len(text) > limit {
		return fault.Invalid(field, "This message has %d bytes of text, and %d is the limit for one. Send the text in more messages: a stream may have as many as you like.", len(text), limit)
	}
	if err := checkCharacters(field, text); err != nil {
		return err
	}
	if err := c.account.More(quota.OfText(text)); err != nil {
		return err
	}
	return say(text)
}

// turns says what several speakers say.
func (c *conversation) turns(m *pb.MultiSpeakerMarkup) error {
	if err := c.is("input.multi_speaker_markup"); err != nil {
		return err
	}
	if c.speakers == nil {
		return fault.Invalid("streaming_config.voice.multi_speaker_voice_config", "This field is required for input.multi_speaker_markup: which voice each of the two speakers has.")
	}
	var wish synth.Request
	if err := readTurns(m, c.service.limits.TextBytes, false, &wish); err != nil {
		return err
	}
	if err := give(c.speakers, &wish); err != nil {
		return err
	}
	if err := c.account.More(charactersOfTurns(m)); err != nil {
		return err
	}
	for _, turn := range wish.Turns {
		if err := c.talk.Turn(turn); err != nil {
			return named(err)
		}
	}
	return nil
}
