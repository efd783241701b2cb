package ttsapi

import (
	"context"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/fault"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// version is a version of the API, as the paths spell it.
type version string

const (
	v1      version = "v1"
	v1beta1 version = "v1beta1"
)

// speechV1 serves v1 by v1beta1, its superset on the wire.
type speechV1 struct {
	ttspb.UnimplementedTextToSpeechServer
	*Service
}

func (v *speechV1) ListVoices(_ context.Context, req *ttspb.ListVoicesRequest) (*ttspb.ListVoicesResponse, error) {
	resp, err := v.listVoices(&pb.ListVoicesRequest{LanguageCode: req.LanguageCode})
	return reread(resp, err, new(ttspb.ListVoicesResponse))
}

func (v *speechV1) SynthesizeSpeech(ctx context.Context, req *ttspb.SynthesizeSpeechRequest) (*ttspb.SynthesizeSpeechResponse, error) {
	if err := onlyV1(req.GetAudioConfig()); err != nil {
		return nil, err
	}
	beta, err := reread(req, nil, new(pb.SynthesizeSpeechRequest))
	if err != nil {
		return nil, err
	}
	beta.EnableTimePointing = nil
	resp, err := v.synthesizeSpeech(ctx, beta)
	if err != nil {
		return nil, err
	}
	return &ttspb.SynthesizeSpeechResponse{AudioContent: resp.AudioContent}, nil
}

func (v *speechV1) StreamingSynthesize(stream ttspb.TextToSpeech_StreamingSynthesizeServer) error {
	return v.streamingSynthesize(dialogue{
		ServerStream: stream,
		receive: func() (*pb.StreamingSynthesizeRequest, error) {
			req, err := stream.Recv()
			return reread(req, err, new(pb.StreamingSynthesizeRequest))
		},
		send: func(sound []byte) error {
			return stream.Send(&ttspb.StreamingSynthesizeResponse{AudioContent: sound})
		},
	})
}

// speechV1beta1 serves v1beta1.
type speechV1beta1 struct {
	pb.UnimplementedTextToSpeechServer
	*Service
}

func (v *speechV1beta1) ListVoices(_ context.Context, req *pb.ListVoicesRequest) (*pb.ListVoicesResponse, error) {
	return v.listVoices(req)
}

func (v *speechV1beta1) SynthesizeSpeech(ctx context.Context, req *pb.SynthesizeSpeechRequest) (*pb.SynthesizeSpeechResponse, error) {
	return v.synthesizeSpeech(ctx, req)
}

func (v *speechV1beta1) StreamingSynthesize(stream pb.TextToSpeech_StreamingSynthesizeServer) error {
	return v.streamingSynthesize(dialogue{
		ServerStream: stream,
		receive:      stream.Recv,
		send: func(sound []byte) error {
			return stream.Send(&pb.StreamingSynthesizeResponse{AudioContent: sound})
		},
	})
}

type longV1 struct {
	ttspb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	*Service
	starter Starter
}

func (v *longV1) SynthesizeLongAudio(ctx context.Context, req *ttspb.SynthesizeLongAudioRequest) (*Operation, error) {
	if err := onlyV1(req.GetAudioConfig()); err != nil {
		return nil, err
	}
	beta, err := reread(req, nil, new(pb.SynthesizeLongAudioRequest))
	if err != nil {
		return nil, err
	}
	return v.synthesizeLongAudio(ctx, v1, v.starter, beta)
}

type longV1beta1 struct {
	pb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	*Service
	starter Starter
}

func (v *longV1beta1) SynthesizeLongAudio(ctx context.Context, req *pb.SynthesizeLongAudioRequest) (*Operation, error) {
	return v.synthesizeLongAudio(ctx, v1beta1, v.starter, req)
}

// onlyV1 refuses what v1beta1 has and v1 has not.
func onlyV1(c *ttspb.AudioConfig) error {
	if n := int32(c.GetAudioEncoding()); n != 0 {
		if _, known := ttspb.AudioEncoding_name[n]; !known {
			return fault.Invalid("audio_config.audio_encoding", "%d is not an audio encoding of v1.", n)
		}
	}
	return nil
}

// reread puts from's bytes into a message of the other version. Fields that v1 does
// not know, and so has not looked at, may be none of v1beta1.
func reread[To proto.Message](from proto.Message, err error, to To) (To, error) {
	if err == nil {
		var b []byte
		if b, err = proto.Marshal(from); err == nil {
			if err = proto.Unmarshal(b, to); err != nil {
				err = fault.New(fault.InvalidArgument, "The message cannot be read: it has fields that are not well-formed.").Because(err)
			}
		}
	}
	if err != nil {
		var none To
		return none, err
	}
	return to, nil
}
