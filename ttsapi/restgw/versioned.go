package restgw

import (
	"context"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/anypb"
)

// versioned is a connection whose operations suit REST clients, which are
// stricter than gRPC ones (design: clients of Python and Java):
//
//   - Types inside an operation are those of the path's version, since a client
//     knows no other. Operations have no version; the two are equal on the wire.
//   - An operation's error has code and message only: the Java client cannot
//     read details there, and would take a whole page of a list as broken.
type versioned struct{ grpc.ClientConnInterface }

// Invoke makes the call and adapts its reply.
func (v versioned) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	if err := v.ClientConnInterface.Invoke(ctx, method, args, reply, opts...); err != nil {
		return err
	}
	version := pathVersion(ctx)
	switch reply := reply.(type) {
	case *longrunningpb.Operation:
		adapt(reply, version)
	case *longrunningpb.ListOperationsResponse:
		own := make([]*longrunningpb.Operation, len(reply.GetOperations()))
		for i, op := range reply.GetOperations() {
			own[i] = &longrunningpb.Operation{Name: op.GetName(), Metadata: op.GetMetadata(), Done: op.GetDone(), Result: op.Result}
			adapt(own[i], version)
		}
		reply.Operations = own
	}
	return nil
}

// pathVersion is the API version that the request's path starts with, such as
// "v1beta1".
func pathVersion(ctx context.Context) string {
	pattern, _ := runtime.HTTPPathPattern(ctx)
	version, _, _ := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
	return version
}

// adapt changes op, but nothing below it: the service may hold that, too.
func adapt(op *longrunningpb.Operation, version string) {
	op.Metadata = retyped(op.GetMetadata(), version)
	switch result := op.Result.(type) {
	case *longrunningpb.Operation_Response:
		op.Result = &longrunningpb.Operation_Response{Response: retyped(result.Response, version)}
	case *longrunningpb.Operation_Error:
		op.Result = &longrunningpb.Operation_Error{Error: &status.Status{Code: result.Error.GetCode(), Message: result.Error.GetMessage()}}
	}
}

// retyped is the same message of another version.
func retyped(a *anypb.Any, version string) *anypb.Any {
	const api = "google.cloud.texttospeech."
	prefix, name, ok := strings.Cut(a.GetTypeUrl(), api)
	_, message, has := strings.Cut(name, ".")
	if !ok || !has || version == "" {
		return a
	}
	return &anypb.Any{TypeUrl: prefix + api + version + "." + message, Value: a.GetValue()}
}
