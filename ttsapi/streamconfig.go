package ttsapi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// streamRate is the rate of a stream that asks for none: the API's clients are told of
// no other, and its samples play this one.
const streamRate = 24000

const (
	// rateHeader names the metadata of a stream's answer that tells its sample rate. With
	// the value naturalRate in the call it asks for the rate that SynthesizeSpeech would
	// give the voice, unless the configuration has one.
	rateHeader  = "x-lectern-sample-rate"
	naturalRate = "natural"
)

// wantsNaturalRate reports whether a call asks for its voice's own sample rate.
func wantsNaturalRate(ctx context.Context) (bool, error) {
	asked := metadata.ValueFromIncomingContext(ctx, rateHeader)
	for _, value := range asked {
		if value != naturalRate {
			return false, fault.New(fault.InvalidArgument, "The header %s must be '%s'; a rate in hertz stands in streaming_config.streaming_audio_config.sample_rate_hertz.", rateHeader, naturalRate)
		}
	}
	return len(asked) > 0, nil
}

// streamEncodings are those of streams (docs/contract.md 2.2). PCM is for those
// who name none.
var streamEncodings = []pb.AudioEncoding{pb.AudioEncoding_PCM, pb.AudioEncoding_ALAW, pb.AudioEncoding_MULAW, pb.AudioEncoding_OGG_OPUS}

const (
	streamField         = "streaming_config"
	streamEncodingField = "streaming_config.streaming_audio_config.audio_encoding"
)

// streamFields are where a stream has what other requests have elsewhere.
var streamFields = []struct{ elsewhere, here string }{
	{"voice", "streaming_config.voice"},
	{"audio_config", "streaming_config.streaming_audio_config"},
	{"input.custom_pronunciations", "streaming_config.custom_pronunciations"},
}

// ofStream has an error name the stream's fields.
func ofStream(err error) error {
	f := fault.From(err)
	for _, field := range streamFields {
		if rest, ok := strings.CutPrefix(f.Field, field.elsewhere); ok {
			return f.In(field.here + rest)
		}
	}
	return f
}

// readStream checks a stream's configuration and puts it into req; speakers are
// the voices of turns, by their aliases, if it has those.
func (s *Service) readStream(ctx context.Context, c *pb.StreamingSynthesizeConfig, req *synth.TalkRequest) (speakers map[string]voices.Wish, err error) {
	natural, err := wantsNaturalRate(ctx)
	if err != nil {
		return nil, err
	}
	if speakers, err = s.readStreamVoice(c.Voice, req); err != nil {
		return nil, ofStream(err)
	}
	var wish synth.Request
	if err := readPronunciations(c.CustomPronunciations, &wish); err != nil {
		return nil, ofStream(err)
	}
	sound := c.StreamingAudioConfig
	encoding := sound.GetAudioEncoding()
	if encoding == pb.AudioEncoding_AUDIO_ENCODING_UNSPECIFIED {
		encoding = pb.AudioEncoding_PCM
	}
	if !slices.Contains(streamEncodings, encoding) {
		return nil, fault.Invalid(streamEncodingField, "Unsupported audio encoding: streams are PCM, ALAW, MULAW or OGG_OPUS. What is called LINEAR16 elsewhere is PCM here, which has no header.")
	}
	err = readAudioConfig(&pb.AudioConfig{
		AudioEncoding: encoding, SampleRateHertz: sound.GetSampleRateHertz(), SpeakingRate: sound.GetSpeakingRate(),
	}, s.limits.SpeakingRate, &wish)
	if err != nil {
		return nil, ofStream(err)
	}
	if wish.SampleRate == 0 && !natural {
		wish.SampleRate = streamRate
	}
	req.Pronunciations, req.Prosody = wish.Pronunciations, wish.Prosody
	req.Encoding, req.SampleRate = wish.Encoding, wish.SampleRate
	return speakers, nil
}

// readStreamVoice is who speaks: of several speakers the first for what is not in
// turns, since programs configure two and then send plain text.
func (s *Service) readStreamVoice(v *pb.VoiceSelectionParams, req *synth.TalkRequest) (speakers map[string]voices.Wish, err error) {
	if req.Voice, err = wishOf(v); err != nil {
		return nil, err
	}
	if v.MultiSpeakerVoiceConfig != nil {
		if speakers, err = readSpeakers(v); err != nil {
			return nil, err
		}
		for i, speaker := range v.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs {
			if _, err := s.synth.Engines().Catalogue().Match(speakers[speaker.SpeakerAlias]); err != nil {
				return nil, fault.From(err).In(fmt.Sprintf("%s[%d].speaker_id", speakersField, i))
			}
		}
		req.Voice = speakers[v.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs[0].SpeakerAlias]
		return speakers, nil
	}
	if names, ok := voices.Ensemble(v.Name); ok {
		speakers = ensembleOf(names, v.LanguageCode)
	}
	return speakers, nil
}
