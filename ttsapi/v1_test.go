package ttsapi

import (
	"testing"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
)

// TestFieldsThatV1DoesNotKnow: what a client sends under the number of a field of
// v1beta1 may be anything; it is the client's mistake, or ignored.
func TestFieldsThatV1DoesNotKnow(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	const enableTimePointing = 4
	request := func(points []byte) *ttspb.SynthesizeSpeechRequest {
		r := &ttspb.SynthesizeSpeechRequest{
			Input: &ttspb.SynthesisInput{InputSource: &ttspb.SynthesisInput_Text{Text: "Hi."}}, Voice: &ttspb.VoiceSelectionParams{LanguageCode: "en-US"},
			AudioConfig: &ttspb.AudioConfig{AudioEncoding: ttspb.AudioEncoding_LINEAR16},
		}
		r.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, enableTimePointing, protowire.BytesType), points))
		return r
	}
	v1 := &speechV1{Service: s}
	if _, err := v1.SynthesizeSpeech(t.Context(), request([]byte{0xff})); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("a number that does not end: %v", err)
	}
	if _, err := v1.SynthesizeSpeech(t.Context(), request([]byte{1})); err != nil {
		t.Errorf("a field of v1beta1: %v", err)
	}
}
