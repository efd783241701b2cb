package server

import (
	"context"
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// direct is the gateway's way to the services: a connection whose calls are
// calls of the handlers, through the same interceptors as those of the gRPC
// server. Nothing is encoded on the way, and a call's context is the request's
// own. It is filled before it is used and does not change afterwards.
type direct struct {
	methods map[string]directMethod // by "/package.Service/Method"
	chain   grpc.UnaryServerInterceptor
}

type directMethod struct {
	service any
	handler grpc.MethodHandler
}

var (
	_ grpc.ServiceRegistrar    = (*direct)(nil)
	_ grpc.ClientConnInterface = (*direct)(nil)
)

func newDirect(cfg Config) *direct {
	return &direct{methods: map[string]directMethod{}, chain: guard{cfg: cfg}.chain}
}

// RegisterService adds the unary methods of a service.
func (d *direct) RegisterService(desc *grpc.ServiceDesc, service any) {
	for _, m := range desc.Methods {
		d.methods["/"+desc.ServiceName+"/"+m.MethodName] = directMethod{service, m.Handler}
	}
}

// headers takes what a handler sets by grpc.SetHeader. Trailers are dropped: over
// REST nobody sees them.
type headers struct {
	method string
	mu     sync.Mutex
	set    metadata.MD
}

var _ grpc.ServerTransportStream = (*headers)(nil)

func (h *headers) Method() string                  { return h.method }
func (h *headers) SendHeader(md metadata.MD) error { return h.SetHeader(md) }
func (h *headers) SetTrailer(metadata.MD) error    { return nil }

func (h *headers) SetHeader(md metadata.MD) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.set = metadata.Join(h.set, md)
	return nil
}

// Invoke implements grpc.ClientConnInterface.
func (d *direct) Invoke(ctx context.Context, method string, args, reply any, options ...grpc.CallOption) error {
	m, ok := d.methods[method]
	if !ok {
		return status.Errorf(codes.Unimplemented, "There is no method %s.", method)
	}
	sent, _ := metadata.FromOutgoingContext(ctx)
	ctx = metadata.NewIncomingContext(ctx, sent)
	told := &headers{method: method}
	ctx = grpc.NewContextWithServerTransportStream(ctx, told)
	answer, err := m.handler(m.service, ctx, func(request any) error { return hand(request, args) }, d.chain)
	if err != nil {
		return err
	}
	for _, o := range options {
		if wanted, ok := o.(grpc.HeaderCallOption); ok {
			*wanted.HeaderAddr = told.set
		}
	}
	return hand(reply, answer)
}

// hand gives one message's content to another, empty one of the same type. The
// content of strings is shared, and that of large bytes; the rest is copied.
func hand(to, from any) error {
	target, isTarget := to.(proto.Message)
	source, isSource := from.(proto.Message)
	if !isTarget || !isSource {
		return fmt.Errorf("server: %T and %T are not both messages", to, from)
	}
	rest, field, sound := withoutSound(source)
	proto.Merge(target, rest)
	if field != nil {
		target.ProtoReflect().Set(field, protoreflect.ValueOfBytes(sound))
	}
	return nil
}

// NewStream implements grpc.ClientConnInterface. No stream has a REST rule.
func (d *direct) NewStream(_ context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Errorf(codes.Unimplemented, "%s is served over gRPC only.", method)
}
