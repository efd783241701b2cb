package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// testServices are small but real: operations live in a map and follow the
// contract; synthesis answers with the text it was given.
type testServices struct {
	operations *operations
	// before, when set, runs at the start of SynthesizeSpeech.
	before func(context.Context, *texttospeechpb.SynthesizeSpeechRequest) error
	// swapTypes gives an operation the other version's types, as those of one
	// that the other version started.
	swapTypes bool
	// seen receives the metadata of each SynthesizeSpeech, if there is room.
	seen chan metadata.MD
}

func newTestServices() *testServices {
	return &testServices{operations: &operations{byID: map[string]*operation{}}, seen: make(chan metadata.MD, 1)}
}

func (s *testServices) register(r grpc.ServiceRegistrar) {
	texttospeechpb.RegisterTextToSpeechServer(r, speechV1{s: s})
	texttospeechpb.RegisterTextToSpeechLongAudioSynthesizeServer(r, longAudioV1{s: s})
	v1beta1pb.RegisterTextToSpeechServer(r, speechBeta{s: s})
	v1beta1pb.RegisterTextToSpeechLongAudioSynthesizeServer(r, longAudioBeta{s: s})
	longrunningpb.RegisterOperationsServer(r, s.operations)
}

type speechV1 struct {
	texttospeechpb.UnimplementedTextToSpeechServer
	s *testServices
}

func (v speechV1) ListVoices(_ context.Context, req *texttospeechpb.ListVoicesRequest) (*texttospeechpb.ListVoicesResponse, error) {
	if req.GetLanguageCode() == "xx" {
		return &texttospeechpb.ListVoicesResponse{}, nil
	}
	voice := &texttospeechpb.Voice{
		LanguageCodes: []string{"en-US"}, Name: "en-US-Standard-A",
		SsmlGender: texttospeechpb.SsmlVoiceGender_FEMALE, NaturalSampleRateHertz: 22050,
	}
	if req.GetLanguageCode() == "many" {
		return &texttospeechpb.ListVoicesResponse{Voices: slices.Repeat([]*texttospeechpb.Voice{voice}, 200)}, nil
	}
	return &texttospeechpb.ListVoicesResponse{Voices: []*texttospeechpb.Voice{voice}}, nil
}

func (v speechV1) SynthesizeSpeech(ctx context.Context, req *texttospeechpb.SynthesizeSpeechRequest) (*texttospeechpb.SynthesizeSpeechResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	select {
	case v.s.seen <- md.Copy():
	default:
	}
	if v.s.before != nil {
		if err := v.s.before(ctx, req); err != nil {
			return nil, err
		}
	}
	if err := grpc.SetHeader(ctx, metadata.Pairs("x-lectern-voice", "en-US-Tone-1", "x-secret", "no")); err != nil {
		return nil, err
	}
	return &texttospeechpb.SynthesizeSpeechResponse{AudioContent: []byte(req.GetInput().GetText())}, nil
}

func (v speechV1) StreamingSynthesize(stream texttospeechpb.TextToSpeech_StreamingSynthesizeServer) error {
	if err := stream.SetHeader(metadata.Pairs("x-lectern-voice", "en-US-Tone-1")); err != nil {
		return err
	}
	for {
		req, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch text := req.GetInput().GetText(); text {
		case "panic":
			panic("the stream's handler panics")
		case "refuse":
			return fault.Invalid("input.text", "This text is refused.")
		default:
			if err := stream.Send(&texttospeechpb.StreamingSynthesizeResponse{AudioContent: []byte(text)}); err != nil {
				return err
			}
		}
	}
}

type speechBeta struct {
	v1beta1pb.UnimplementedTextToSpeechServer
	s *testServices
}

func (speechBeta) ListVoices(context.Context, *v1beta1pb.ListVoicesRequest) (*v1beta1pb.ListVoicesResponse, error) {
	return &v1beta1pb.ListVoicesResponse{Voices: []*v1beta1pb.Voice{{Name: "beta"}}}, nil
}

func (speechBeta) SynthesizeSpeech(_ context.Context, req *v1beta1pb.SynthesizeSpeechRequest) (*v1beta1pb.SynthesizeSpeechResponse, error) {
	return &v1beta1pb.SynthesizeSpeechResponse{
		AudioContent: []byte(req.GetInput().GetText()), AudioConfig: req.GetAudioConfig(),
		Timepoints: []*v1beta1pb.Timepoint{{MarkName: "here", TimeSeconds: 0.5}},
	}, nil
}

type longAudioV1 struct {
	texttospeechpb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	s *testServices
}

func (l longAudioV1) SynthesizeLongAudio(_ context.Context, req *texttospeechpb.SynthesizeLongAudioRequest) (*longrunningpb.Operation, error) {
	return l.s.begin(req.GetParent(), l.s.swapTypes), nil
}

type longAudioBeta struct {
	v1beta1pb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	s *testServices
}

func (l longAudioBeta) SynthesizeLongAudio(_ context.Context, req *v1beta1pb.SynthesizeLongAudioRequest) (*longrunningpb.Operation, error) {
	return l.s.begin(req.GetParent(), !l.s.swapTypes), nil
}

func (s *testServices) begin(parent string, beta bool) *longrunningpb.Operation {
	if beta {
		return s.operations.start(parent, &v1beta1pb.SynthesizeLongAudioMetadata{ProgressPercentage: 10})
	}
	return s.operations.start(parent, &texttospeechpb.SynthesizeLongAudioMetadata{ProgressPercentage: 10})
}

// operations is google.longrunning.Operations over a map.
type operations struct {
	longrunningpb.UnimplementedOperationsServer
	mu   sync.Mutex
	byID map[string]*operation
}

type operation struct {
	*longrunningpb.Operation
	done chan struct{}
}

func (o *operations) start(parent string, meta proto.Message) *longrunningpb.Operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := fmt.Sprintf("op%d", len(o.byID)+1)
	packed, err := anypb.New(meta)
	if err != nil {
		panic(err)
	}
	op := &operation{&longrunningpb.Operation{Name: parent + "/operations/" + id, Metadata: packed}, make(chan struct{})}
	o.byID[id] = op
	return proto.Clone(op.Operation).(*longrunningpb.Operation)
}

// finish ends an operation in success, or in failure with details.
func (o *operations) finish(name string, failed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op := o.byID[name[strings.LastIndexByte(name, '/')+1:]]
	op.Done = true
	if failed {
		detail, _ := anypb.New(&errdetails.ErrorInfo{Reason: "OUT_OF_PAPER", Domain: "test"})
		op.Result = &longrunningpb.Operation_Error{Error: &status.Status{Code: 8, Message: "No paper.", Details: []*anypb.Any{detail}}}
	} else {
		response, _ := anypb.New(&texttospeechpb.SynthesizeLongAudioResponse{})
		op.Result = &longrunningpb.Operation_Response{Response: response}
	}
	close(op.done)
}

// find returns a live operation by the last part of its name; callers hold mu.
func (o *operations) find(name string) (*operation, error) {
	op := o.byID[name[strings.LastIndexByte(name, '/')+1:]]
	if op == nil {
		return nil, fault.New(fault.NotFound, "Operation %q was not found.", name)
	}
	return op, nil
}

func (o *operations) GetOperation(_ context.Context, req *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op, err := o.find(req.GetName())
	if err != nil {
		return nil, err
	}
	return proto.Clone(op.Operation).(*longrunningpb.Operation), nil
}

func (o *operations) ListOperations(_ context.Context, req *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := &longrunningpb.ListOperationsResponse{}
	for _, op := range o.byID {
		under := strings.HasPrefix(op.Name, req.GetName()+"/operations/") || req.GetName() == "operations"
		if under && (req.GetFilter() != "done=true" || op.Done) {
			list.Operations = append(list.Operations, proto.Clone(op.Operation).(*longrunningpb.Operation))
		}
	}
	sort.Slice(list.Operations, func(i, j int) bool { return list.Operations[i].Name < list.Operations[j].Name })
	if n := int(req.GetPageSize()); n > 0 && n < len(list.Operations) {
		list.Operations, list.NextPageToken = list.Operations[:n], "more"
	}
	return list, nil
}

func (o *operations) CancelOperation(_ context.Context, req *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op, err := o.find(req.GetName())
	if err != nil {
		return nil, err
	}
	if !op.Done {
		op.Done = true
		op.Result = &longrunningpb.Operation_Error{Error: &status.Status{Code: 1, Message: "Operation was cancelled."}}
		close(op.done)
	}
	return &emptypb.Empty{}, nil
}

func (o *operations) DeleteOperation(_ context.Context, req *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, err := o.find(req.GetName()); err != nil {
		return nil, err
	}
	delete(o.byID, req.GetName()[strings.LastIndexByte(req.GetName(), '/')+1:])
	return &emptypb.Empty{}, nil
}

func (o *operations) WaitOperation(ctx context.Context, req *longrunningpb.WaitOperationRequest) (*longrunningpb.Operation, error) {
	o.mu.Lock()
	op, err := o.find(req.GetName())
	o.mu.Unlock()
	if err != nil {
		return nil, err
	}
	limit := time.Minute
	if req.GetTimeout() != nil {
		limit = req.GetTimeout().AsDuration()
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-op.done:
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return o.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: req.GetName()})
}
