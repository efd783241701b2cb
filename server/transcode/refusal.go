package transcode

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// maxViolations bounds how many faults of one payload are told.
const maxViolations = 20

// Violation is one fault of a payload.
type Violation struct {
	// Field is where, in the proto's spelling with [i] for elements; empty
	// for the payload as a whole.
	Field string
	// Description is the whole sentence that the client reads.
	Description string
}

// Error says why a payload was refused: an INVALID_ARGUMENT with one or more
// violations.
type Error struct {
	Violations []Violation
}

func refuse(field, format string, args ...any) *Error {
	return &Error{[]Violation{{field, fmt.Sprintf(format, args...)}}}
}

// Error is the violations' sentences, one per line.
func (e *Error) Error() string {
	sentences := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		sentences[i] = v.Description
	}
	return strings.Join(sentences, "\n")
}

// GRPCStatus is the error as it travels, with BadRequest details.
func (e *Error) GRPCStatus() *status.Status {
	bad := &errdetails.BadRequest{}
	for _, v := range e.Violations {
		bad.FieldViolations = append(bad.FieldViolations,
			&errdetails.BadRequest_FieldViolation{Field: v.Field, Description: v.Description})
	}
	st := status.New(codes.InvalidArgument, e.Error())
	if detailed, err := st.WithDetails(bad); err == nil {
		return detailed
	}
	return st
}

// Refusal is err as the gateway should report it: unchanged when it knows its
// status, else INVALID_ARGUMENT with err's text.
func Refusal(err error) error {
	var known interface{ GRPCStatus() *status.Status }
	if errors.As(err, &known) {
		return known.GRPCStatus().Err()
	}
	return status.Error(codes.InvalidArgument, strings.ToValidUTF8(err.Error(), "\uFFFD"))
}
