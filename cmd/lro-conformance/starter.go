package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// requests say how operations are started on a server: by which method, and in
// JSON by what.
type requests struct {
	Method               string // package.Service/Method
	Parent               string // what ListOperations is asked with
	Long, Short, Failing string
}

var presets = map[string]requests{
	"texttospeech": {
		Method: "google.cloud.texttospeech.v1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio",
		Parent: "projects/conformance/locations/global",
		Long:   speechOf("{n.text}"),
		Short:  speechOf("Hi."),
	},
	"showcase": {
		Method:  "google.showcase.v1beta1.Echo/Wait",
		Parent:  "operations",
		Long:    `{"ttl": "60s", "success": {"content": "{n}"}}`,
		Short:   `{"ttl": "0.1s", "success": {"content": "{n}"}}`,
		Failing: `{"ttl": "0.1s", "error": {"code": 9, "message": "{n}"}}`,
	},
}

func speechOf(text string) string {
	return `{"parent": "projects/conformance/locations/global", "input": {"text": "` + text + `"},
		"voice": {"languageCode": "en-US"}, "audioConfig": {"audioEncoding": "LINEAR16"},
		"outputGcsUri": "gs://conformance/{n}.wav"}`
}

// over is the preset of a name with what was given in place of its own.
func (r requests) over(preset string) (requests, error) {
	p, ok := presets[preset]
	if !ok {
		return r, fmt.Errorf("--preset: there is no %q; there are texttospeech and showcase", preset)
	}
	if r.Method != "" { // a method of their own has requests of their own
		p = requests{Method: r.Method, Parent: p.Parent}
	}
	for _, f := range []struct {
		to    *string
		given string
	}{{&p.Parent, r.Parent}, {&p.Long, r.Long}, {&p.Short, r.Short}, {&p.Failing, r.Failing}} {
		if f.given != "" {
			*f.to = f.given
		}
	}
	return p, nil
}

// starter starts operations.
type starter struct {
	conn     *grpc.ClientConn
	requests requests
	method   protoreflect.MethodDescriptor
	count    atomic.Int64
}

func newStarter(ctx context.Context, conn *grpc.ClientConn, r requests) (*starter, error) {
	service, name, ok := strings.Cut(strings.TrimPrefix(r.Method, "/"), "/")
	if !ok {
		return nil, fmt.Errorf("--start: %q is not of the form package.Service/Method", r.Method)
	}
	files, err := reflected(ctx, conn, service)
	if err != nil {
		return nil, fmt.Errorf("asking the server for the messages of %s: %w", service, err)
	}
	d, err := files.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return nil, fmt.Errorf("the server does not know the service %s", service)
	}
	described, ok := d.(protoreflect.ServiceDescriptor)
	if !ok || described.Methods().ByName(protoreflect.Name(name)) == nil {
		return nil, fmt.Errorf("--start: %s has no method %q", service, name)
	}
	s := &starter{conn: conn, requests: r, method: described.Methods().ByName(protoreflect.Name(name))}
	s.count.Store(time.Now().UnixNano())
	return s, nil
}

// start starts an operation by a request in JSON.
func (s *starter) start(ctx context.Context, request string) (*operation, error) {
	n := strconv.FormatInt(s.count.Add(1), 36)
	request = strings.ReplaceAll(request, "{n}", n)
	if strings.Contains(request, "{n.text}") {
		const sentence = "The conformance of a server shows in what it does when it is told to stop. "
		request = strings.ReplaceAll(request, "{n.text}", n+". "+strings.Repeat(sentence, 300_000/len(sentence)))
	}
	in, out := dynamicpb.NewMessage(s.method.Input()), &operation{}
	if err := protojson.Unmarshal([]byte(request), in); err != nil {
		return nil, fmt.Errorf("the request is no %s: %w", s.method.Input().FullName(), err)
	}
	method := fmt.Sprintf("/%s/%s", s.method.Parent().FullName(), s.method.Name())
	return out, s.conn.Invoke(ctx, method, in, out)
}

// declared are the types that the method says its operations' response and
// metadata have; "" where it says nothing.
func (s *starter) declared() (response, metadata string) {
	// Extensions that came by reflection are not known by their Go type.
	raw, err := proto.Marshal(s.method.Options())
	if err != nil {
		return "", ""
	}
	var options descriptorpb.MethodOptions
	if err := proto.Unmarshal(raw, &options); err != nil || !proto.HasExtension(&options, longrunningpb.E_OperationInfo) {
		return "", ""
	}
	info := proto.GetExtension(&options, longrunningpb.E_OperationInfo).(*longrunningpb.OperationInfo)
	return info.GetResponseType(), info.GetMetadataType()
}

// reflected asks the server for the files that describe a service.
func reflected(ctx context.Context, conn *grpc.ClientConn, service string) (*protoregistry.Files, error) {
	stream, err := grpc_reflection_v1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return nil, err
	}
	defer stream.CloseSend()
	err = stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service},
	})
	if err != nil {
		return nil, err
	}
	answer, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	if e := answer.GetErrorResponse(); e != nil {
		return nil, fmt.Errorf("%s", e.GetErrorMessage())
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, raw := range answer.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(raw, file); err != nil {
			return nil, err
		}
		set.File = append(set.File, file)
	}
	return protodesc.FileOptions{AllowUnresolvable: true}.NewFiles(set)
}
