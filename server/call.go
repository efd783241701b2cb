package server

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/server/transcode"
)

// call is what the server knows of a call. It is the context that the call begins
// with, so that all of it costs one.
type call struct {
	context.Context
	id     string // see idOf
	began  time.Time
	answer share  // of the memory of answers
	method string // which it has reached; empty before it has

	// identified says that the principal is known.
	identified bool
	principal  auth.Principal
	resource   string // what it is about, see Record
	does       string // what it asks for, if that is told otherwise than by method; see API.Named

	// Of gRPC.
	late  atomic.Bool // whether the first message has not come in time
	timer *time.Timer // stopped when it is there, or will never be
	told  told

	// Of HTTP, but for gRPC.
	rest     bool
	remote   string // the client's address
	body     share  // of the memory of bodies
	form     transcode.Marshaler
	code     codes.Code
	ends     []func()  // see whenOver
	streamed *streamed // the answer's sound, until it is written
	// refuse writes errors in the form of another API than Google's; nil for that.
	refuse func(http.ResponseWriter, error)
}

// whenOver has end called when the call is over.
func (c *call) whenOver(end func()) { c.ends = append(c.ends, end) }

type callKey struct{}

// callOf is the call that ctx belongs to, nil outside of one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// Value implements context.Context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// Err implements context.Context. A message that is late ends the call as a
// deadline does, which the library tells the client.
func (c *call) Err() error {
	err := c.Context.Err()
	if err != nil && c.late.Load() {
		return context.DeadlineExceeded
	}
	return err
}

// idOf is the id of the request that ctx belongs to, the same as in the
// log and in the answer's x-request-id; empty outside a request.
func idOf(ctx context.Context) string {
	if c := callOf(ctx); c != nil {
		return c.id
	}
	return ""
}

// Remote is the address of the client whose call ctx belongs to, over any
// transport; empty outside of a call.
func Remote(ctx context.Context) string {
	if c := callOf(ctx); c != nil && c.rest {
		return c.remote
	}
	if from, ok := peer.FromContext(ctx); ok {
		return from.Addr.String()
	}
	return ""
}

func noteCode(ctx context.Context, code codes.Code) {
	if c := callOf(ctx); c != nil {
		c.code = code
	}
}
