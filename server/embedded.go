package server

import (
	"context"
	"net/http"
	"slices"

	"google.golang.org/grpc"
)

// Handler is what the server's own listeners are served by, for an HTTP server of
// the program's. It takes gRPC as well, if that server takes HTTP/2. Connections are
// that server's, and so are their limits and their end: Close does not wait for
// calls of this handler.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Register adds the services to a gRPC server of the program's. Their calls pass
// what calls of the server's own pass: request id, access line, faults to statuses,
// panics, default deadline, the interceptors. The limits of messages and connections
// are that server's.
func (s *Server) Register(g grpc.ServiceRegistrar) {
	s.cfg.Register(guests{g, guard{cfg: s.cfg, answers: s.answers, codec: s.codec, native: true}})
}

// guests registers services in a gRPC server that is not the server's own, behind a
// guard, which stands inside that server's interceptors.
type guests struct {
	grpc.ServiceRegistrar
	guard guard
}

// RegisterService implements grpc.ServiceRegistrar.
func (g guests) RegisterService(desc *grpc.ServiceDesc, service any) {
	guarded := *desc
	guarded.Methods, guarded.Streams = slices.Clone(desc.Methods), slices.Clone(desc.Streams)
	for i, m := range desc.Methods {
		guarded.Methods[i].Handler = func(srv any, ctx context.Context, decode func(any) error, outer grpc.UnaryServerInterceptor) (any, error) {
			return m.Handler(srv, &call{Context: ctx}, decode, g.within(outer))
		}
	}
	for i, m := range desc.Streams {
		info := &grpc.StreamServerInfo{FullMethod: "/" + desc.ServiceName + "/" + m.StreamName, IsClientStream: m.ClientStreams, IsServerStream: m.ServerStreams}
		guarded.Streams[i].Handler = func(srv any, stream grpc.ServerStream) error {
			handler := m.Handler
			for _, inner := range slices.Backward(g.guard.cfg.Stream) {
				next := handler
				handler = func(srv any, stream grpc.ServerStream) error { return inner(srv, stream, info, next) }
			}
			return g.guard.stream(srv, guestStream{stream, &call{Context: stream.Context()}}, info, handler)
		}
	}
	g.ServiceRegistrar.RegisterService(&guarded, service)
}

// within is the guard inside outer, which may be nil.
func (g guests) within(outer grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	if outer == nil {
		return g.guard.unary
	}
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return outer(ctx, req, info, func(ctx context.Context, req any) (any, error) {
			return g.guard.unary(ctx, req, info, handler)
		})
	}
}

// guestStream is a stream whose context knows its call.
type guestStream struct {
	grpc.ServerStream
	call *call
}

func (s guestStream) Context() context.Context { return s.call }
