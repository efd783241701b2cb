// A program for Google's service, which names no endpoint: goprogram TRANSPORT. With
// one, goprogram TRANSPORT HOST:PORT, it brings no credentials.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	longrunning "cloud.google.com/go/longrunning/autogen"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	texttospeech "cloud.google.com/go/texttospeech/apiv1"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/api/option"
	"google.golang.org/grpc/status"
)

var (
	voice  = &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", Name: "en-US-Flite-Kal16"}
	config = &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16}
)

func main() {
	log.SetFlags(log.Lshortfile)
	ctx := context.Background()
	transport := os.Args[1]
	speak, long := texttospeech.NewClient, texttospeech.NewTextToSpeechLongAudioSynthesizeClient
	operations := longrunning.NewOperationsClient
	at, scheme := "texttospeech.googleapis.com:443", ""
	if transport == "rest" {
		speak, long = texttospeech.NewRESTClient, texttospeech.NewTextToSpeechLongAudioSynthesizeRESTClient
		operations = longrunning.NewOperationsRESTClient
		scheme = "https://"
	}
	var options []option.ClientOption
	// This client has no scopes of its own.
	scopes := option.WithScopes("https://www.googleapis.com/auth/cloud-platform")
	places := [][]option.ClientOption{{option.WithEndpoint(scheme + at), scopes}, {scopes}}
	if len(os.Args) > 2 {
		options = []option.ClientOption{option.WithEndpoint(scheme + os.Args[2]), option.WithoutAuthentication()}
		places = [][]option.ClientOption{options}
	}
	speech, err := speak(ctx, options...)
	must(err)
	voices, err := speech.ListVoices(ctx, &texttospeechpb.ListVoicesRequest{LanguageCode: "en-US"})
	must(err)
	resp, err := speech.SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{Input: text("Hello, world."), Voice: voice, AudioConfig: config})
	must(err)
	if len(voices.Voices) == 0 || !strings.HasPrefix(string(resp.AudioContent), "RIFF") {
		log.Fatal("no voices, or no sound")
	}
	if transport == "grpc" {
		stream(ctx, speech)
	}
	books, err := long(ctx, options...)
	must(err)
	_, err = start(ctx, books, transport, "whole", "A short story. The end.").Wait(ctx)
	must(err)
	// Google's own operations service has another endpoint, which knows ours too.
	op := start(ctx, books, transport, "cancelled", strings.Repeat("It was the best of times, it was the worst of times. ", 6000))
	for _, place := range places {
		ops, err := operations(ctx, place...)
		must(err)
		must(ops.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.Name()}))
	}
	if _, err := op.Poll(ctx); err == nil || !op.Done() {
		log.Fatal("it is not cancelled: ", err)
	} else if s, ok := status.FromError(err); ok && s.Code().String() != "Canceled" {
		log.Fatal(err)
	}
	fmt.Println("spoken", transport)
}

func text(t string) *texttospeechpb.SynthesisInput {
	return &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: t}}
}

func start(ctx context.Context, client *texttospeech.TextToSpeechLongAudioSynthesizeClient, transport, name, said string) *texttospeech.SynthesizeLongAudioOperation {
	op, err := client.SynthesizeLongAudio(ctx, &texttospeechpb.SynthesizeLongAudioRequest{
		Parent: "projects/p1/locations/global", Input: text(said), Voice: voice, AudioConfig: config,
		OutputGcsUri: "gs://unchanged/go-" + transport + "-" + name + ".wav",
	})
	must(err)
	return op
}

func stream(ctx context.Context, speech *texttospeech.Client) {
	s, err := speech.StreamingSynthesize(ctx)
	must(err)
	must(s.Send(&texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_StreamingConfig{
		StreamingConfig: &texttospeechpb.StreamingSynthesizeConfig{Voice: voice},
	}}))
	for _, said := range []string{"Hello there. ", "How are you ", "today?"} {
		must(s.Send(&texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_Input{
			Input: &texttospeechpb.StreamingSynthesisInput{InputSource: &texttospeechpb.StreamingSynthesisInput_Text{Text: said}},
		}}))
	}
	must(s.CloseSend())
	heard := 0
	for {
		reply, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		must(err)
		heard += len(reply.AudioContent)
	}
	if heard < 10000 {
		log.Fatal("too little was heard: ", heard)
	}
}

func must(err error) {
	if err != nil {
		log.Output(2, err.Error())
		os.Exit(1)
	}
}
