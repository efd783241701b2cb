package ttsapi

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// transport takes the headers of an answer.
type transport struct{ header metadata.MD }

func (*transport) Method() string                 { return "/test" }
func (t *transport) SendHeader(metadata.MD) error { return nil }
func (t *transport) SetTrailer(metadata.MD) error { return nil }
func (t *transport) SetHeader(md metadata.MD) error {
	t.header = metadata.Join(t.header, md)
	return nil
}

func TestAnswersTellWhoSpoke(t *testing.T) {
	s := newStand(t, tone.Options{})
	for _, c := range []struct {
		change       func(*pb.SynthesizeSpeechRequest)
		voice, other string
	}{
		{func(*pb.SynthesizeSpeechRequest) {}, "en-US-Tone-1", ""},
		{func(r *pb.SynthesizeSpeechRequest) { r.Input.Prompt = proto.String("sadly") }, "en-US-Tone-1", "input.prompt"},
		{func(r *pb.SynthesizeSpeechRequest) {
			r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Ssml{Ssml: `<speak>a<voice name="en-US-Tone-2">b</voice>c</speak>`}}
		}, "en-US-Tone-1, en-US-Tone-2", ""},
		{func(r *pb.SynthesizeSpeechRequest) {
			r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Ssml{Ssml: `<speak><break time="1s"/></speak>`}}
		}, "", ""},
		{func(r *pb.SynthesizeSpeechRequest) {
			r.Input = &pb.SynthesisInput{Prompt: proto.String("sadly"), InputSource: &pb.SynthesisInput_Ssml{
				Ssml: `<speak><raw>a</raw> <é>b</é><audio src="http://example.com/a.mp3">c</audio></speak>`,
			}}
		}, "en-US-Tone-1", `input.prompt, input.ssml <raw>, input.ssml <\u00e9>, input.ssml <audio src>`},
	} {
		told := &transport{}
		ctx := grpc.NewContextWithServerTransportStream(context.Background(), told)
		r := speechRequest()
		c.change(r)
		if _, err := s.synthesizeSpeech(ctx, r); err != nil {
			t.Fatal(err)
		}
		if got := first(told.header.Get(voiceHeader)); got != c.voice {
			t.Errorf("%s is %q, want %q", voiceHeader, got, c.voice)
		}
		if got := first(told.header.Get(secondsHeader)); !strings.Contains(got, ".") || got == "0.000" {
			t.Errorf("%s is %q", secondsHeader, got)
		}
		if got := first(told.header.Get(ignoredHeader)); got != c.other {
			t.Errorf("%s is %q, want %q", ignoredHeader, got, c.other)
		}
	}

	told := &transport{}
	long := longRequest()
	long.Input.Prompt = proto.String("sadly")
	if _, err := s.synthesizeLongAudio(grpc.NewContextWithServerTransportStream(context.Background(), told), v1, s.operations, long); err != nil {
		t.Fatal(err)
	}
	if first(told.header.Get(voiceHeader)) != "en-US-Tone-1" || first(told.header.Get(ignoredHeader)) != "input.prompt" {
		t.Errorf("the headers of a long operation are %v", told.header)
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func TestStrictSSMLRefusesUnknownElements(t *testing.T) {
	s := newStand(t, tone.Options{})
	s.strictSSML = true
	for _, body := range []string{`<raw>a</raw>`, `<audio src="http://example.com/a.mp3">c</audio>`} {
		r := speechRequest()
		r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Ssml{Ssml: "<speak>" + body + "</speak>"}}
		_, err := s.synthesizeSpeech(t.Context(), r)
		mustRefuse(t, err, "input.ssml", "")
	}
}

func TestStrictRefusesPrompts(t *testing.T) {
	s := newStand(t, tone.Options{})
	s.strict = true
	r := speechRequest()
	r.Input.Prompt = proto.String("")
	_, err := s.synthesizeSpeech(t.Context(), r)
	mustRefuse(t, err, "input.prompt", "--strict")
	l := longRequest()
	l.Input.Prompt = proto.String("sadly")
	_, err = s.synthesizeLongAudio(t.Context(), v1, s.operations, l)
	mustRefuse(t, err, "input.prompt", "--strict")
}

func TestAnswersTellWhatNoVoiceReads(t *testing.T) {
	s := newStand(t, tone.Options{})
	for text, want := range map[string]string{"Hello.": "", "Hello, 你好 and Привет.": "Han, Cyrillic", "...": "no words"} {
		told := &transport{}
		r := speechRequest()
		r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: text}}
		if _, err := s.synthesizeSpeech(grpc.NewContextWithServerTransportStream(context.Background(), told), r); err != nil {
			t.Fatal(err)
		}
		if got := first(told.header.Get(unreadHeader)); got != want {
			t.Errorf("%q: %s is %q, want %q", text, unreadHeader, got, want)
		}
	}
	r := speechRequest()
	r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: "你好"}}
	if _, err := s.synthesizeSpeech(context.Background(), r); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("text that no voice reads at all: %v", err)
	}
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs(lexiconHeader, "town"))
	if _, err := s.synthesizeSpeech(ctx, speechRequest()); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("a lexicon that is not there: %v", err)
	}
}
