package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
)

// The windows say how much of messages that nobody reads may come; of one that is
// read all may come without waiting. How far an answer may run ahead is the
// client's to say.
const (
	streamWindow     = 256 << 10
	connectionWindow = 1 << 20
)

// newGRPC is a gRPC server without services. Its interceptors run in the order
// in which they are listed, for calls from outside and from the gateway alike.
func (s *Server) newGRPC(native bool, options ...grpc.ServerOption) *grpc.Server {
	cfg, guard := s.cfg, guard{cfg: s.cfg, answers: s.answers, codec: s.codec, native: native}
	return grpc.NewServer(append(options,
		grpc.ForceServerCodecV2(s.codec),
		grpc.MaxRecvMsgSize(cfg.MaxMessageBytes),
		grpc.InitialWindowSize(streamWindow),
		grpc.InitialConnWindowSize(connectionWindow),
		grpc.UnaryInterceptor(guard.unary),
		grpc.ChainStreamInterceptor(append([]grpc.StreamServerInterceptor{guard.stream}, cfg.Stream...)...),
	)...)
}

// guard is what surrounds every call. Of calls from the gateway it knows the
// configuration only.
type guard struct {
	cfg     Config
	answers *budget
	codec   *codec
	native  bool // for gRPC's own transport, not for calls through net/http
}

// unary is what every unary call passes.
func (g guard) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if over := ofCall(ctx); g.native && over != nil {
		over.begin()
		defer over.done()
	}
	c := callOf(ctx)
	outer := ctx
	ctx, cancel := withDeadline(ctx, g.cfg.UnaryTimeout)
	defer cancel()
	if !c.rest { // there the HTTP side sets the header, and writes the access line
		c.id = requestID(offeredID(ctx))
		c.answer.of = g.answers
		c.told.ServerTransportStream = grpc.ServerTransportStreamFromContext(ctx)
		_ = c.told.SetHeader(metadata.Pairs(requestIDHeader, c.id))
		ctx = grpc.NewContextWithServerTransportStream(ctx, &c.told)
	}
	held := &c.answer
	c.resource = resourceOf(req, nil)
	handler = g.inside(info, handler)
	var answer any
	err := g.call(ctx, info.FullMethod, c, func() (err error) {
		if answer, err = handler(ctx, req); err == nil {
			err = settle(held, answer)
			c.resource = resourceOf(req, answer)
		}
		return err
	})
	if err != nil {
		held.release()
		return nil, err
	}
	if held.size > 0 && !c.rest {
		// Compressed, its size would be known to nobody. Sound gains little.
		_ = grpc.SetSendCompressor(outer, encoding.Identity)
		g.depart(outer, answer, held)
	}
	return answer, nil
}

// inside is handler within the interceptors of the configuration, the first outermost.
func (g guard) inside(info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) grpc.UnaryHandler {
	for _, inner := range slices.Backward(g.cfg.Unary) {
		next := handler
		handler = func(ctx context.Context, req any) (any, error) { return inner(ctx, req, info, next) }
	}
	return handler
}

// depart has the share of answer released when its client has taken it.
func (g guard) depart(ctx context.Context, answer any, held *share) {
	if !g.native { // net/http gives its writes deadlines
		g.codec.expect(answer, held, nil)
		return
	}
	over := ofCall(ctx)
	if over == nil {
		held.release()
		return
	}
	g.codec.expect(answer, held, over)
}

func (g guard) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if over := ofCall(stream.Context()); g.native && over != nil {
		over.begin()
		defer over.done()
	}
	c := callOf(stream.Context())
	c.id = requestID(offeredID(stream.Context()))
	_ = stream.SetHeader(metadata.Pairs(requestIDHeader, c.id))
	ctx, cancel := withDeadline(stream.Context(), g.cfg.StreamTimeout)
	defer cancel()
	return g.call(ctx, info.FullMethod, c, func() error {
		return handler(srv, contextStream{stream, ctx, g.codec, &c.told})
	})
}

// contextStream is a stream whose handler sees another context.
type contextStream struct {
	grpc.ServerStream
	ctx   context.Context
	codec *codec
	told  *told
}

// SetHeader implements grpc.ServerStream.
func (s contextStream) SetHeader(md metadata.MD) error {
	_ = s.told.SetHeader(md) // of no transport: it only remembers
	return s.ServerStream.SetHeader(md)
}

func (s contextStream) Context() context.Context { return s.ctx }

// withDeadline gives ctx a deadline when it has none: some clients send none,
// and a call must end some day.
func withDeadline(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has || limit < 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// call runs a handler for a principal that may call it.
func (g guard) call(ctx context.Context, method string, c *call, handler func() error) (err error) {
	c.method = strings.TrimPrefix(method, "/")
	if !c.rest {
		c.began = time.Now()
	}
	defer func() { err = g.over(ctx, method, c, err, recover()) }()
	if err := g.cfg.permit(ctx, c); err != nil {
		return err
	}
	return handler()
}

// over ends a call: it turns its error or panic into a status error, and logs both the
// access, with what was told of the answer, and the cause.
func (g guard) over(ctx context.Context, method string, c *call, err error, panicked any) error {
	if panicked != nil {
		g.cfg.Log.LogAttrs(ctx, slog.LevelError, "panic",
			slog.String("method", method), slog.String("request_id", c.id),
			slog.Any("panic", panicked), slog.String("stack", string(debug.Stack())))
		err = fault.From(fmt.Errorf("panic in %s: %v", method, panicked))
	}
	code := codes.OK
	if err != nil {
		st := errorStatusOf(err, c.method)
		code = st.Code()
		g.logCause(ctx, method, code, err)
		err = st.Err()
	}
	if c.rest { // over ends it there
		return err
	}
	took, told := time.Since(c.began), fault.Code(code).String()
	level := accessLevel(c.method, told)
	attrs := []slog.Attr{slog.String("method", method), slog.String("code", told),
		slog.Duration("duration", took), slog.String("request_id", c.id)}
	g.cfg.Log.LogAttrs(ctx, level, "grpc", append(attrs, c.told.attrs()...)...)
	g.cfg.Observe(c.method, told, took)
	g.cfg.record(c, c.method, Remote(ctx), told, c.began)
	return err
}

// logCause logs what the client is not told. A fault of the request has its
// sentence in the answer only, since it may quote the request.
func (g guard) logCause(ctx context.Context, method string, code codes.Code, err error) {
	attrs := []slog.Attr{
		slog.String("method", method), slog.String("code", fault.Code(code).String()),
		slog.String("request_id", idOf(ctx)),
	}
	var f *fault.Error
	isFault := errors.As(err, &f)
	switch {
	case serversFault(code):
		g.cfg.Log.LogAttrs(ctx, slog.LevelError, "call failed", append(attrs, slog.String("cause", err.Error()))...)
	case isFault && f.Unwrap() != nil && ctx.Err() == nil:
		g.cfg.Log.LogAttrs(ctx, slog.LevelWarn, "call failed", append(attrs,
			slog.String("field", f.Field), slog.String("cause", f.Unwrap().Error()))...)
	}
}
