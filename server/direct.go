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
	return &direct{methods: map[string]directMethod{}, chain: guard{cfg: cfg}.unary}
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

// hand gives one message's content to another, empty one. They are of one type, or
// of two that have the same fields under the same numbers, as those of two versions
// of an API; a field that only one has is not given. Nothing is copied but what two
// types cannot share: a message of another type, a list of such.
func hand(to, from any) error {
	target, isTarget := to.(proto.Message)
	source, isSource := from.(proto.Message)
	if !isTarget || !isSource {
		return fmt.Errorf("server: %T and %T are not both messages", to, from)
	}
	give(target.ProtoReflect(), source.ProtoReflect())
	return nil
}

func give(to, from protoreflect.Message) {
	sameType := to.Type() == from.Type()
	fields := to.Descriptor().Fields()
	from.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		into := fields.ByNumber(field.Number())
		switch {
		case into == nil:
		case sameType || field.Message() == nil && !field.IsList():
			to.Set(into, v)
		case field.IsMap():
			giveMap(to.Mutable(into).Map(), v.Map(), field.MapValue().Message() != nil)
		case field.IsList():
			giveList(to.Mutable(into).List(), v.List(), field.Message() != nil)
		default:
			give(to.Mutable(into).Message(), v.Message())
		}
		return true
	})
	to.SetUnknown(from.GetUnknown())
}

func giveList(to, from protoreflect.List, ofMessages bool) {
	for i := range from.Len() {
		if ofMessages {
			give(to.AppendMutable().Message(), from.Get(i).Message())
		} else {
			to.Append(from.Get(i))
		}
	}
}

func giveMap(to, from protoreflect.Map, ofMessages bool) {
	from.Range(func(key protoreflect.MapKey, v protoreflect.Value) bool {
		if ofMessages {
			give(to.Mutable(key).Message(), v.Message())
		} else {
			to.Set(key, v)
		}
		return true
	})
}

// NewStream implements grpc.ClientConnInterface. No stream has a REST rule.
func (d *direct) NewStream(_ context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Errorf(codes.Unimplemented, "%s is served over gRPC only.", method)
}
