package client

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/fault"
)

// fault rebuilds what the server told from the error of a call.
func (c *Client) fault(err error) error {
	if err == nil {
		return nil
	}
	st, ok := status.FromError(err)
	if !ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.From(err)
	}
	// Without details, and with a connection that is gone, it is the transport
	// that speaks and not the server.
	if st.Code() == codes.Unavailable && len(st.Details()) == 0 && c.conn.GetState() != connectivity.Ready {
		return c.noServer().Because(err)
	}
	return fromStatus(st)
}

func fromStatus(st *status.Status) *fault.Error {
	f := &fault.Error{Code: fault.Code(st.Code()), Message: st.Message()}
	for _, detail := range st.Details() {
		switch d := detail.(type) {
		case *errdetails.BadRequest:
			if len(d.FieldViolations) > 0 {
				f.Field = d.FieldViolations[0].Field
			}
		case *errdetails.ErrorInfo:
			f.Line, f.Column = place(d.Metadata)
		case *errdetails.RetryInfo:
			f.RetryAfter = d.RetryDelay.AsDuration()
		}
	}
	f.Message = withoutPlace(f)
	if f.Message == "" {
		f.Message = fmt.Sprintf("The server answered %s.", f.Code)
	}
	return f
}

func place(metadata map[string]string) (line, column int) {
	line, err := strconv.Atoi(metadata["line"])
	if err != nil || line < 1 {
		return 0, 0
	}
	column, _ = strconv.Atoi(metadata["column"])
	return line, max(column, 1)
}

// withoutPlace is f's message without the field and place that the server put
// in front, as fault.Error.Public does.
func withoutPlace(f *fault.Error) string {
	front := (&fault.Error{Field: f.Field, Line: f.Line, Column: f.Column}).Public()
	return strings.TrimPrefix(f.Message, front)
}
