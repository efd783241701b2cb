package lecterntest_test

import (
	"context"
	"fmt"
	"log"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"

	"github.com/lectern/lectern/lecterntest"
)

// An operation stands still until the test has seen what its program does meanwhile,
// and is cancelled. A test uses NewServer, which closes the server.
func ExampleServer_OnSpeech() {
	ctx := context.Background()
	s, err := lecterntest.Start(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	held := s.OnSpeech("once upon a time", lecterntest.Fault{Hold: true})
	op, err := texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(s.Conn()).SynthesizeLongAudio(ctx, &texttospeechpb.SynthesizeLongAudioRequest{
		Parent:       "projects/p/locations/global",
		Input:        &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: "There was, once upon a time, a test."}},
		Voice:        &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"},
		AudioConfig:  &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
		OutputGcsUri: "gs://books/story.wav",
	})
	if err != nil {
		log.Fatal(err)
	}
	<-held.Met()
	operations := longrunningpb.NewOperationsClient(s.Conn())
	if _, err := operations.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.Name}); err != nil {
		log.Fatal(err)
	}
	op, err = operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: op.Name})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(op.Done, codes.Code(op.GetError().GetCode()), len(s.Object("gs://books/story.wav")))
	// Output: true Canceled 0
}
