package server

import (
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// Whatever a message has, another one of its type and one of a twin type get.
func TestHand(t *testing.T) {
	object, err := structpb.NewStruct(map[string]any{"a": 1.5, "b": []any{"c", map[string]any{"d": nil}}})
	if err != nil {
		t.Fatal(err)
	}
	packed, err := anypb.New(object)
	if err != nil {
		t.Fatal(err)
	}
	text := "a prompt"
	later := &v1beta1pb.SynthesizeSpeechRequest{
		Input: &v1beta1pb.SynthesisInput{
			InputSource: &v1beta1pb.SynthesisInput_MultiSpeakerMarkup{MultiSpeakerMarkup: &v1beta1pb.MultiSpeakerMarkup{
				Turns: []*v1beta1pb.MultiSpeakerMarkup_Turn{{Speaker: "R", Text: "Hello."}, {}},
			}},
			Prompt: &text,
		},
		Voice:              &v1beta1pb.VoiceSelectionParams{},
		AudioConfig:        &v1beta1pb.AudioConfig{AudioEncoding: 2, Pitch: -1, EffectsProfileId: []string{"x", "y"}},
		EnableTimePointing: []v1beta1pb.SynthesizeSpeechRequest_TimepointType{1, 0},
	}
	later.ProtoReflect().SetUnknown([]byte{0xf8, 0x07, 1}) // field 127
	for _, message := range []proto.Message{
		object, later,
		&errdetails.ErrorInfo{Metadata: map[string]string{"a": "b", "": ""}},
		&longrunningpb.Operation{Name: "n", Result: &longrunningpb.Operation_Response{Response: packed}},
		&v1beta1pb.SynthesizeSpeechResponse{AudioContent: []byte{1, 2, 3}, Timepoints: []*v1beta1pb.Timepoint{{MarkName: "m", TimeSeconds: 1}}},
		&longrunningpb.ListOperationsRequest{},
	} {
		for _, to := range []proto.Message{message.ProtoReflect().New().Interface(), dynamicpb.NewMessage(message.ProtoReflect().Descriptor())} {
			if err := hand(to, message); err != nil || !proto.Equal(to, message) {
				t.Errorf("%T of %v got %v, %v", to, message, to, err)
			}
		}
	}
	if err := hand(later, "text"); err == nil {
		t.Error("a string was handed to a message")
	}
}

func TestHandBetweenVersions(t *testing.T) {
	sound := []byte{1, 2, 3}
	answer := &v1beta1pb.SynthesizeSpeechResponse{AudioContent: sound, AudioConfig: &v1beta1pb.AudioConfig{}}
	var got ttspb.SynthesizeSpeechResponse
	if err := hand(&got, answer); err != nil || len(got.ProtoReflect().GetUnknown()) > 0 || &got.AudioContent[0] != &sound[0] {
		t.Errorf("%v, %v: the sound must be shared, and what the version lacks left out", &got, err)
	}
}
