package peers_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/internal/needs"
)

func streamConfig(voice string) *texttospeechpb.StreamingSynthesizeRequest {
	return &texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_StreamingConfig{
		StreamingConfig: &texttospeechpb.StreamingSynthesizeConfig{Voice: &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", Name: voice}},
	}}
}

func streamText(text string) *texttospeechpb.StreamingSynthesizeRequest {
	return &texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_Input{
		Input: &texttospeechpb.StreamingSynthesisInput{InputSource: &texttospeechpb.StreamingSynthesisInput_Text{Text: text}},
	}}
}

// A stream with Google's Go client says what SynthesizeSpeech does, with every
// engine, and before the client has said all.
func TestGoClientStreams(t *testing.T) {
	server := serve(t, t.TempDir())
	c := newGoClients(t, server.address, "gRPC")
	for _, voice := range []string{"en-US-Flite-Slt", "en-us-espeak-1"} {
		stream, err := c.speech.StreamingSynthesize(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(stream.Send(streamConfig(voice)), stream.Send(streamText("Hello there. How are"))); err != nil {
			t.Fatal(err)
		}
		sound, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		heard := sound.AudioContent
		if err := errors.Join(stream.Send(streamText(" you today?")), stream.CloseSend()); err != nil {
			t.Fatal(err)
		}
		for {
			sound, err := stream.Recv()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			heard = append(heard, sound.AudioContent...)
		}
		whole, err := c.speech.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{
			Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: "Hello there. How are you today?"}},
			Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", Name: voice},
			AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_PCM, SampleRateHertz: 24000},
		})
		if err != nil {
			t.Fatal(err)
		}
		if string(heard) != string(whole.AudioContent) {
			t.Errorf("%s: %d bytes in a stream, %d at once, or other ones", voice, len(heard), len(whole.AudioContent))
		}
	}

	// What is refused is told as an error of the stream.
	stream, err := c.speech.StreamingSynthesize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(streamText("Hello.")); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "streaming_config") {
		t.Errorf("input before the configuration: %v", err)
	}

	// A cancel in the middle ends the stream, and the server serves on.
	ctx, cancel := context.WithCancel(t.Context())
	if stream, err = c.speech.StreamingSynthesize(ctx); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stream.Send(streamConfig("en-US-Flite-Slt")), stream.Send(streamText(strings.Repeat("Never to be heard. ", 200)))); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	for err == nil {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Canceled {
		t.Errorf("a cancelled stream: %v", err)
	}
	c.voices(t)
}

// Google's Python client, as its sample streams and as its asynchronous client
// does.
func TestPythonClientStreams(t *testing.T) {
	python, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		needs.Missing(t, "Google's Python client is not in .venv, where make test installs it")
	}
	server := serve(t, t.TempDir())
	for _, version := range []string{"v1", "v1beta1"} {
		t.Run(version, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), python, "testdata/streams.py", server.address, version).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
