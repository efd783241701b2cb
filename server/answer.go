package server

import (
	"context"
	"runtime"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// bigAnswer is the size from which an answer counts towards the memory of all
// answers, in bytes. Smaller ones fit into the buffers of a connection.
const bigAnswer = 64 << 10

// Reserve sets bytes of the memory of answers aside for the call of ctx, before
// its answer is made. It waits a while for those of others to be taken; then it
// refuses with a fault. The server gives the memory back when the client has
// taken the answer, or the call has failed. A handler calls it from its own
// goroutine; outside of a call it does nothing.
func Reserve(ctx context.Context, bytes int64) error {
	c := callOf(ctx)
	if c == nil || bytes < bigAnswer {
		return nil
	}
	return c.answer.await(ctx, bytes)
}

// heavyAnswer is the size from which an answer's memory is collected before it is
// given back, in bytes: two that follow each other would else be there at once.
// Making so much sound costs a hundred times what the collection does.
const heavyAnswer = 16 << 20

// yield gives back what an answer had that nobody needs any more.
func yield(s *share) {
	if s.size < heavyAnswer {
		s.release()
		return
	}
	left := *s
	s.size = 0
	go func() {
		runtime.GC()
		left.release()
	}()
}

// settle makes the share what answer takes.
func settle(s *share, answer any) error {
	message, ok := answer.(proto.Message)
	if !ok {
		return s.resize(0)
	}
	size := int64(proto.Size(message))
	if size < bigAnswer {
		size = 0
	}
	return s.resize(size)
}

// withoutSound is message less its largest bytes, which it returns apart, with
// their field: all its other content is shared. field is nil when there are no
// bytes that are worth it. Sound is copied nowhere on its way to the wire.
func withoutSound(message proto.Message) (rest proto.Message, field protoreflect.FieldDescriptor, sound []byte) {
	whole := message.ProtoReflect()
	whole.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Kind() == protoreflect.BytesKind && f.Cardinality() != protoreflect.Repeated {
			if b := v.Bytes(); len(b) >= bigAnswer && len(b) > len(sound) {
				field, sound = f, b
			}
		}
		return true
	})
	if field == nil {
		return message, nil, nil
	}
	part := whole.New()
	whole.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f != field {
			part.Set(f, v)
		}
		return true
	})
	part.SetUnknown(whole.GetUnknown())
	return part.Interface(), field, sound
}
