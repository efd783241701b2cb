// Package restgw is the REST face of the text-to-speech API, v1 and v1beta1,
// and of its long-running operations: the generated gateways below it, and what
// official clients need beyond them.
//
// [Register] is all there is to call. The packages v1gw, v1beta1gw and
// operationsgw are written by internal/apigen.
package restgw

import (
	"context"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"

	"github.com/lectern/lectern/ttsapi/restgw/operationsgw"
	"github.com/lectern/lectern/ttsapi/restgw/v1beta1gw"
	"github.com/lectern/lectern/ttsapi/restgw/v1gw"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// Register adds every REST route to mux; the handlers call conn. Operations are
// answered in the form that REST clients can read: see [versioned].
func Register(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	operations := versioned{conn}
	for _, register := range []func() error{
		func() error {
			return v1gw.RegisterTextToSpeechHandlerClient(ctx, mux, texttospeechpb.NewTextToSpeechClient(conn))
		},
		func() error {
			return v1gw.RegisterTextToSpeechLongAudioSynthesizeHandlerClient(ctx, mux, texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(operations))
		},
		func() error {
			return v1beta1gw.RegisterTextToSpeechHandlerClient(ctx, mux, v1beta1pb.NewTextToSpeechClient(conn))
		},
		func() error {
			return v1beta1gw.RegisterTextToSpeechLongAudioSynthesizeHandlerClient(ctx, mux, v1beta1pb.NewTextToSpeechLongAudioSynthesizeClient(operations))
		},
		func() error {
			return operationsgw.RegisterOperationsHandlerClient(ctx, mux, longrunningpb.NewOperationsClient(operations))
		},
		func() error { return hideCollection(mux) },
	} {
		if err := register(); err != nil {
			return err
		}
	}
	return nil
}

// hideCollection answers 404 where a client has put a list's whole path in the
// place of its parent: the Java client does, with the query of a list, when it
// is given …/operations. Routes added last are tried first.
func hideCollection(mux *runtime.ServeMux) error {
	notFound := func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		_, marshaler := runtime.MarshalerForRequest(mux, r)
		runtime.HTTPError(r.Context(), mux, marshaler, w, r,
			status.Error(codes.NotFound, `No operation is named "operations". To list, give the parent, such as projects/p/locations/l.`))
	}
	for _, version := range []string{"v1", "v1beta1"} {
		for _, path := range []string{"/operations/operations", "/{parent=projects/*/locations/*}/operations/operations"} {
			if err := mux.HandlePath(http.MethodGet, "/"+version+path, notFound); err != nil {
				return err
			}
		}
	}
	return nil
}
