package ttsapi

import (
	"context"
	"net"
	"slices"
	"testing"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/engine/tone"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// asRead is what a program that knows another version reads of a message.
func asRead[To proto.Message](t *testing.T, message proto.Message, to To) To {
	t.Helper()
	b, err := proto.Marshal(message)
	if err == nil {
		err = proto.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// v1Client calls s over gRPC, which tells in called what it was asked for.
func v1Client(t *testing.T, s *stand, called *[]string) (*grpc.ClientConn, ttspb.TextToSpeechClient) {
	t.Helper()
	g := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		*called = append(*called, info.FullMethod)
		return handler(ctx, req)
	}))
	s.Register(g, s.operations)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = g.Serve(l) }()
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, ttspb.NewTextToSpeechClient(conn)
}

func TestV1IsServedByV1beta1(t *testing.T) {
	s := newStand(t, tone.Options{})
	var called []string
	_, client := v1Client(t, s, &called)

	asked := speechRequest()
	asked.EnableTimePointing = []pb.SynthesizeSpeechRequest_TimepointType{1, 99} // v1 has no such field: to it, it is nothing
	one, err := client.SynthesizeSpeech(t.Context(), asRead(t, asked, new(ttspb.SynthesizeSpeechRequest)))
	if err != nil {
		t.Fatal(err)
	}
	if len(one.ProtoReflect().GetUnknown()) > 0 {
		t.Errorf("the answer has fields that v1 has not: %x", one.ProtoReflect().GetUnknown())
	}
	beta, err := s.synthesizeSpeech(t.Context(), speechRequest())
	if err != nil {
		t.Fatal(err)
	}
	if got := beta.AudioConfig; got.SampleRateHertz != 16000 || got.AudioEncoding != pb.AudioEncoding_LINEAR16 {
		t.Errorf("the echo is %v", got)
	}
	if string(one.AudioContent) != string(beta.AudioContent) || len(one.AudioContent) != 44+2*3*480 {
		t.Errorf("v1 has %d bytes, v1beta1 %d", len(one.AudioContent), len(beta.AudioContent))
	}
	for code, want := range map[string]int{"": 3, "en": 2, "en-us": 2, "de-DE": 1, "fr": 0} {
		resp, err := client.ListVoices(t.Context(), &ttspb.ListVoicesRequest{LanguageCode: code})
		if err != nil || len(resp.Voices) != want {
			t.Errorf("%q: %v, %v", code, resp, err)
		}
	}
	called = slices.Compact(called)
	if want := []string{ttspb.TextToSpeech_SynthesizeSpeech_FullMethodName, ttspb.TextToSpeech_ListVoices_FullMethodName}; !slices.Equal(called, want) {
		t.Errorf("called was %v, want %v", called, want)
	}
}

func TestV1HasNoEncodingOfV1beta1(t *testing.T) {
	s := newStand(t, tone.Options{})
	var called []string
	conn, client := v1Client(t, s, &called)
	const want = "INVALID_ARGUMENT: audio_config.audio_encoding: 4 is not an audio encoding of v1."
	config := &ttspb.AudioConfig{AudioEncoding: 4}

	speech := &speechV1{speechV1beta1{Service: s.Service}}
	_, err := speech.SynthesizeSpeech(t.Context(), &pb.SynthesizeSpeechRequest{AudioConfig: &pb.AudioConfig{AudioEncoding: 4}})
	mustRefuse(t, err, "audio_config.audio_encoding", "v1")
	// A server of gRPC's own passes on what errors say.
	_, err = client.SynthesizeSpeech(t.Context(), &ttspb.SynthesizeSpeechRequest{AudioConfig: config})
	if got := status.Convert(err).Message(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, err = ttspb.NewTextToSpeechLongAudioSynthesizeClient(conn).SynthesizeLongAudio(t.Context(), &ttspb.SynthesizeLongAudioRequest{AudioConfig: config})
	if got := status.Convert(err).Message(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
