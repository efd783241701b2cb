package ttsapi

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// TestAStreamTellsItsRate, and who asks for the voice's own gets the sound that
// SynthesizeSpeech makes.
func TestAStreamTellsItsRate(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	for _, c := range []struct {
		voice, language, asks string
		encoding              pb.AudioEncoding
		rate                  int32
		want                  string
	}{
		{"en-US-Tone-1", "en-US", "", pb.AudioEncoding_PCM, 0, "24000"},
		{"en-US-Tone-1", "en-US", "natural", pb.AudioEncoding_PCM, 0, "16000"},
		{"en-US-Tone-1", "en-US", "natural", pb.AudioEncoding_PCM, 11025, "11025"},
		{"de-DE-Tone-1", "de-DE", "natural", pb.AudioEncoding_MULAW, 0, "22050"},
		{"de-DE-Tone-1", "de-DE", "natural", pb.AudioEncoding_OGG_OPUS, 0, "24000"}, // it carries no 22,050
	} {
		ctx := t.Context()
		if c.asks != "" {
			ctx = metadata.NewIncomingContext(ctx, metadata.Pairs(rateHeader, c.asks))
		}
		heard := call(ctx, s)
		config := sounding(&pb.StreamingAudioConfig{AudioEncoding: c.encoding, SampleRateHertz: c.rate})
		config.GetStreamingConfig().Voice = &pb.VoiceSelectionParams{LanguageCode: c.language, Name: c.voice}
		go func() {
			heard.say(config, saying("Hello there. How are you?"))
			close(heard.says)
		}()
		sound := bytes.Join(heard.hear(), nil)
		if err := <-heard.ended; err != nil || first(heard.header.Get(rateHeader)) != c.want {
			t.Errorf("%+v: %v, %v", c, err, heard.header)
		}
		whole, err := s.synthesizeSpeech(t.Context(), &pb.SynthesizeSpeechRequest{
			Input:       &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: "Hello there. How are you?"}},
			Voice:       config.GetStreamingConfig().Voice,
			AudioConfig: &pb.AudioConfig{AudioEncoding: c.encoding, SampleRateHertz: c.rate},
		})
		if err != nil {
			t.Fatal(err)
		}
		if c.asks != "" && c.encoding != pb.AudioEncoding_OGG_OPUS && (len(sound) == 0 || !bytes.HasSuffix(whole.AudioContent, sound)) {
			t.Errorf("%+v: %d bytes, and SynthesizeSpeech has %d others", c, len(sound), len(whole.AudioContent))
		}
	}
	refused := call(metadata.NewIncomingContext(t.Context(), metadata.Pairs(rateHeader, "22050")), s)
	refused.say(configured())
	if err := <-refused.ended; !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), "must be 'natural'") {
		t.Errorf("another rate: %v", err)
	}
}
