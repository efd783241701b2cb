package server

import (
	"context"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
)

// nativeOptions give a connection that gRPC serves itself the limits that
// net/http gives to its own.
func (s *Server) nativeOptions() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.Creds(newHandshaken()),
		grpc.InTapHandle(s.awaitMessage),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		// Calls that wait for an operation are many and cheap.
		grpc.MaxConcurrentStreams(1000),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionIdle: idleTimeout,
			Time:              pingInterval,
			Timeout:           pingTimeout,
		}),
		// Clients may ping as they like, within reason; by default they would be
		// cut off for more than a ping in five minutes.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	}
}

// newServices is a gRPC server with all services, for one of the two ways in
// which gRPC arrives; native is gRPC's own transport.
func (s *Server) newServices(native bool, options ...grpc.ServerOption) *grpc.Server {
	g := s.newGRPC(native, options...)
	s.cfg.Register(arrivals{g, s.codec})
	grpc_health_v1.RegisterHealthServer(arrivals{g, s.codec}, &healthService{server: s})
	reflection.Register(g)
	return g
}

// serve serves l: gRPC by its own transport, which costs half of what it costs
// through net/http, and the rest by net/http.
func (s *Server) serve(l net.Listener) error {
	both := newSplit(l, forPort(s.cfg.TLS), s.cfg.Log)
	defer both.wait()
	defer both.Close()
	// It ends with its listener and has no errors of its own.
	go func() { _ = s.native.Serve(both.native) }()
	return s.http.Serve(both.http)
}

// drainNative lets running calls of native connections end, and cuts off those
// that have not when ctx ends.
func (s *Server) drainNative(ctx context.Context) error {
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		s.native.GracefulStop()
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		// GracefulStop goes on to wait for handlers, even those that do not heed
		// their context. Nobody waits for them.
		s.native.Stop()
		return ctx.Err()
	}
}
