package server

import (
	"context"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server/transcode"
)

// Who has no credentials is told what for, as Google's services do it: the gRPC
// method that a request would have reached, whatever way it came. Over REST only the
// gateway's routes know that, so a gateway of its own is asked, whose connection
// calls nothing. Nothing of a stranger's request gets there but its path.

// naming is that connection.
type naming struct{}

var _ grpc.ClientConnInterface = naming{}

type namedKey struct{}

// Invoke implements grpc.ClientConnInterface: it tells the method to whoever asks.
func (naming) Invoke(ctx context.Context, method string, _, _ any, _ ...grpc.CallOption) error {
	if named, ok := ctx.Value(namedKey{}).(*string); ok {
		*named = method
	}
	return status.Error(codes.Unauthenticated, "This connection only names methods.")
}

// NewStream implements grpc.ClientConnInterface. No stream has a REST rule.
func (naming) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "This connection only names methods.")
}

// newNames makes the gateway that tells methods.
func newNames(cfg Config) (http.Handler, error) {
	return newGateway(cfg, naming{}, transcode.Marshaler{})
}

// methodOf is the method that a REST request would reach, as "/package.Service/Method";
// empty if it would reach none.
func (s *Server) methodOf(r *http.Request) (method string) {
	path := *r.URL
	path.RawQuery = ""
	bare := &http.Request{Method: r.Method, URL: &path, Header: http.Header{}, Body: http.NoBody}
	s.names.ServeHTTP(unheard{}, bare.WithContext(context.WithValue(context.Background(), namedKey{}, &method)))
	return method
}

// unheard takes an answer that nobody gets.
type unheard struct{}

func (unheard) Header() http.Header         { return http.Header{} }
func (unheard) Write(p []byte) (int, error) { return len(p), nil }
func (unheard) WriteHeader(int)             {}

// dotted is a method's name as ErrorInfo has it: package.Service.Method.
func dotted(method string) string {
	return strings.ReplaceAll(strings.TrimPrefix(method, "/"), "/", ".")
}
