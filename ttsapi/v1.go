package ttsapi

import (
	"context"
	"slices"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/fault"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// version is a version of the API, as the paths spell it.
type version string

const (
	v1      version = "v1"
	v1beta1 version = "v1beta1"
)

// asV1 is a service of v1 that takes and gives messages of v1beta1, which has all
// that v1 has under the same numbers: its bytes are read straight into them. What v1
// lacks its handlers must refuse and leave out.
func asV1(service, beta grpc.ServiceDesc) *grpc.ServiceDesc {
	service.HandlerType, service.Streams = beta.HandlerType, beta.Streams
	service.Methods = slices.Clone(beta.Methods)
	for i, m := range service.Methods {
		called := "/" + service.ServiceName + "/" + m.MethodName
		service.Methods[i].Handler = func(srv any, ctx context.Context, read func(any) error, around grpc.UnaryServerInterceptor) (any, error) {
			return m.Handler(srv, ctx, read, func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				if around == nil {
					return handler(ctx, req)
				}
				return around(ctx, req, &grpc.UnaryServerInfo{Server: info.Server, FullMethod: called}, handler)
			})
		}
	}
	return &service
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
	return v.streamingSynthesize(stream)
}

// speechV1 serves v1: v1beta1 without timepoints, and without the answer's echo of
// its audio_config.
type speechV1 struct{ speechV1beta1 }

func (v *speechV1) SynthesizeSpeech(ctx context.Context, req *pb.SynthesizeSpeechRequest) (*pb.SynthesizeSpeechResponse, error) {
	if err := onlyV1(req.GetAudioConfig()); err != nil {
		return nil, err
	}
	req.EnableTimePointing = nil
	resp, err := v.synthesizeSpeech(ctx, req)
	if err != nil {
		return nil, err
	}
	return &pb.SynthesizeSpeechResponse{AudioContent: resp.AudioContent}, nil
}

type longV1beta1 struct {
	pb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	*Service
	starter Starter
}

func (v *longV1beta1) SynthesizeLongAudio(ctx context.Context, req *pb.SynthesizeLongAudioRequest) (*Operation, error) {
	return v.synthesizeLongAudio(ctx, v1beta1, v.starter, req)
}

type longV1 struct{ longV1beta1 }

func (v *longV1) SynthesizeLongAudio(ctx context.Context, req *pb.SynthesizeLongAudioRequest) (*Operation, error) {
	if err := onlyV1(req.GetAudioConfig()); err != nil {
		return nil, err
	}
	return v.synthesizeLongAudio(ctx, v1, v.starter, req)
}

// onlyV1 refuses the encodings that v1beta1 has and v1 has not.
func onlyV1(c *pb.AudioConfig) error {
	if n := int32(c.GetAudioEncoding()); n != 0 {
		if _, known := ttspb.AudioEncoding_name[n]; !known {
			return fault.Invalid("audio_config.audio_encoding", "%d is not an audio encoding of v1.", n)
		}
	}
	return nil
}
