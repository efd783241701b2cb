package client

import (
	"context"
	"strconv"
	"strings"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	grpcmetadata "google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// Voices are the server's voices for a language code such as "en-US" or "en",
// all of them when it is empty, sorted by name. Their EngineName is empty: the
// API does not tell it.
func (c *Client) Voices(ctx context.Context, languageCode string) ([]speech.Voice, error) {
	resp, err := c.speech.ListVoices(ctx, &ttspb.ListVoicesRequest{LanguageCode: languageCode})
	if err != nil {
		return nil, c.fault(err)
	}
	voices := make([]speech.Voice, len(resp.Voices))
	for i, v := range resp.Voices {
		voices[i] = speech.Voice{
			Name:                   v.Name,
			Languages:              v.LanguageCodes,
			Gender:                 speech.Gender(v.SsmlGender),
			NaturalSampleRateHertz: int(v.NaturalSampleRateHertz),
		}
	}
	return voices, nil
}

// These are ttsapi.VoiceHeader and SecondsHeader; a test holds them equal.
const (
	voiceHeader   = "x-lectern-voice"
	lexiconHeader = "x-lectern-lexicon"
	secondsHeader = "x-lectern-seconds"
)

// Speech is an answer to [Client.Speak].
type Speech struct {
	// File is the whole sound.
	File []byte
	// Voices are the names of those that speak, and Length is that of the sound;
	// empty and 0 when the server does not tell, as Google's does not.
	Voices string
	Length time.Duration
}

// Speak says req.
func (c *Client) Speak(ctx context.Context, req synth.Request) (Speech, error) {
	config, err := audioConfig(req)
	if err != nil {
		return Speech{}, err
	}
	ctx = withLexicons(ctx, req)
	var told grpcmetadata.MD
	resp, err := c.speech.SynthesizeSpeech(ctx, &ttspb.SynthesizeSpeechRequest{
		Input: input(req), Voice: voice(req), AudioConfig: config,
	}, grpc.Header(&told))
	if err != nil {
		return Speech{}, c.fault(err)
	}
	said := Speech{File: resp.AudioContent, Voices: strings.Join(told.Get(voiceHeader), ", ")}
	if seconds, err := strconv.ParseFloat(strings.Join(told.Get(secondsHeader), ""), 64); err == nil {
		said.Length = time.Duration(seconds * float64(time.Second))
	}
	return said, nil
}

// withLexicons asks for the server's lexicons that a request names.
func withLexicons(ctx context.Context, req synth.Request) context.Context {
	if len(req.Lexicons) == 0 {
		return ctx
	}
	return grpcmetadata.AppendToOutgoingContext(ctx, lexiconHeader, strings.Join(req.Lexicons, ","))
}

func input(req synth.Request) *ttspb.SynthesisInput {
	switch {
	case req.SSML != "":
		return &ttspb.SynthesisInput{InputSource: &ttspb.SynthesisInput_Ssml{Ssml: req.SSML}}
	case req.Markup != "":
		return &ttspb.SynthesisInput{InputSource: &ttspb.SynthesisInput_Markup{Markup: req.Markup}}
	}
	return &ttspb.SynthesisInput{InputSource: &ttspb.SynthesisInput_Text{Text: req.Text}}
}

func voice(req synth.Request) *ttspb.VoiceSelectionParams {
	return &ttspb.VoiceSelectionParams{
		LanguageCode: req.Voice.Language,
		Name:         req.Voice.Name,
		SsmlGender:   ttspb.SsmlVoiceGender(req.Voice.Gender),
	}
}

func audioConfig(req synth.Request) (*ttspb.AudioConfig, error) {
	encoding, known := ttspb.AudioEncoding_value[req.Encoding]
	if !known {
		return nil, fault.Invalid("audio_config.audio_encoding", "%q is not an encoding of the API. LINEAR16 is one.", req.Encoding)
	}
	return &ttspb.AudioConfig{
		AudioEncoding:    ttspb.AudioEncoding(encoding),
		SpeakingRate:     req.Prosody.Rate,
		Pitch:            req.Prosody.PitchSemitones,
		VolumeGainDb:     req.Prosody.GainDB,
		SampleRateHertz:  int32(req.SampleRate),
		EffectsProfileId: req.Effects,
	}, nil
}
