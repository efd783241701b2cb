package server

import (
	"context"
	"net/http"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/tap"

	"github.com/lectern/lectern/fault"
)

// newArrival is a gRPC call whose first message has a time limit, from the call's
// headers until the message is there.
func newArrival(ctx context.Context, limit time.Duration) *call {
	inner, cancel := context.WithCancel(ctx)
	c := &call{Context: inner}
	c.timer = time.AfterFunc(limit, func() {
		c.late.Store(true)
		cancel()
	})
	return c
}

// awaitMessage gives a call of gRPC's own transport the time for its message.
func (s *Server) awaitMessage(ctx context.Context, info *tap.Info) (context.Context, error) {
	ctx, p, err := s.identifyNative(ctx, info.FullMethodName, info.Header)
	if err != nil {
		return ctx, err
	}
	c := newArrival(ctx, s.cfg.BodyTimeout)
	if p != nil {
		c.identified, c.principal = true, *p
	}
	return c, nil
}

// messageInTime is awaitMessage for calls that come through net/http.
func messageInTime(cfg Config, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(newArrival(r.Context(), cfg.BodyTimeout)))
	})
}

// received is what became of receiving message: nil, or why there is none, as
// the client should see it.
func (c *codec) received(ctx context.Context, message any, err error) error {
	if arriving := callOf(ctx); arriving != nil && arriving.timer != nil {
		arriving.timer.Stop()
	}
	if status.Code(err) == codes.Internal {
		// The library's word for a message that is cut short or cannot be unpacked, and
		// what it has told the client already; the log shall not say so of the server.
		return errorStatus(fault.New(fault.InvalidArgument, "The message did not arrive whole.").Because(err)).Err()
	}
	if err != nil {
		return err
	}
	if why, malformed := c.malformed.LoadAndDelete(message); malformed {
		return errorStatus(fault.New(fault.InvalidArgument, "The message cannot be read: it is not well-formed protobuf of the method's type, or a text in it is not UTF-8.").Because(why.(error))).Err()
	}
	return nil
}

// Unmarshal implements encoding.CodecV2. The library answers INTERNAL to what it
// cannot read, as if it were the server's fault; so it is told later, by received.
func (c *codec) Unmarshal(data mem.BufferSlice, v any) error {
	if err := c.CodecV2.Unmarshal(data, v); err != nil {
		c.malformed.Store(v, err)
	}
	return nil
}

// arrivals registers services whose unary methods are told how their message
// arrived; streams are told by contextStream.
type arrivals struct {
	grpc.ServiceRegistrar
	codec *codec
}

// RegisterService implements grpc.ServiceRegistrar.
func (a arrivals) RegisterService(desc *grpc.ServiceDesc, service any) {
	told := *desc
	told.Methods = slices.Clone(desc.Methods)
	for i, m := range desc.Methods {
		told.Methods[i].Handler = func(srv any, ctx context.Context, decode func(any) error, chain grpc.UnaryServerInterceptor) (any, error) {
			return m.Handler(srv, ctx, func(v any) error { return a.codec.received(ctx, v, decode(v)) }, chain)
		}
	}
	a.ServiceRegistrar.RegisterService(&told, service)
}

// RecvMsg implements grpc.ServerStream.
func (s contextStream) RecvMsg(m any) error {
	return s.codec.received(s.ctx, m, s.ServerStream.RecvMsg(m))
}
