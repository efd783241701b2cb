// Package fault says what went wrong, by kind, in two voices: a sentence that a
// client may read, and a cause that only the log sees.
//
// Make one with [New] or [Invalid]; add what is known of the place with
// [Error.At] and of the reason with [Error.Because]. Every layer passes a
// *Error through unwrapped; [From] turns anything else into an INTERNAL error
// whose sentence gives nothing away. The transport alone turns codes into gRPC
// and HTTP. The package imports nothing of Lectern and holds no state.
package fault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Code is a canonical status code, with the numbers of google.rpc.Code
// (docs/contract.md 7.1).
type Code int

// The canonical codes that Lectern answers with.
const (
	Canceled           Code = 1
	Unknown            Code = 2
	InvalidArgument    Code = 3
	DeadlineExceeded   Code = 4
	NotFound           Code = 5
	AlreadyExists      Code = 6
	PermissionDenied   Code = 7
	ResourceExhausted  Code = 8
	FailedPrecondition Code = 9
	Aborted            Code = 10
	OutOfRange         Code = 11
	Unimplemented      Code = 12
	Internal           Code = 13
	Unavailable        Code = 14
	DataLoss           Code = 15
	Unauthenticated    Code = 16
)

var names = map[Code]string{
	0: "OK", Canceled: "CANCELLED", Unknown: "UNKNOWN", InvalidArgument: "INVALID_ARGUMENT",
	DeadlineExceeded: "DEADLINE_EXCEEDED", NotFound: "NOT_FOUND", AlreadyExists: "ALREADY_EXISTS",
	PermissionDenied: "PERMISSION_DENIED", ResourceExhausted: "RESOURCE_EXHAUSTED",
	FailedPrecondition: "FAILED_PRECONDITION", Aborted: "ABORTED", OutOfRange: "OUT_OF_RANGE",
	Unimplemented: "UNIMPLEMENTED", Internal: "INTERNAL", Unavailable: "UNAVAILABLE",
	DataLoss: "DATA_LOSS", Unauthenticated: "UNAUTHENTICATED",
}

// String is the code's name as the API spells it, such as INVALID_ARGUMENT.
func (c Code) String() string {
	if name, ok := names[c]; ok {
		return name
	}
	return fmt.Sprintf("CODE_%d", int(c))
}

// Error is one fault. The zero value is not useful; use [New] or [Invalid].
// It is not changed after it has been returned.
type Error struct {
	Code Code
	// Message is one or two sentences that a client may read: what was wrong
	// and what to do. It never holds a path of the server or text of a user
	// beyond the value that was refused.
	Message string
	// Field is what of a request was wrong; else empty. Packages that do not know
	// the request have names of their own for what they were given, as constants
	// Field…; whoever serves a protocol puts its names in their place ([Named]),
	// such as "audio_config.speaking_rate".
	Field string
	// Line and Column are the place inside Field's text, both from 1,
	// columns counted in characters; 0 when there is no such place.
	Line, Column int
	// RetryAfter, when positive, is how long a client should wait before it
	// tries again.
	RetryAfter time.Duration
	// Reason is the one of google.api.ErrorReason that programs look for, such as
	// CREDENTIALS_MISSING; empty where the code says all.
	Reason string
	// Limit, when not nil, is the limit that the request would have passed.
	Limit *Limit

	cause error
}

// Limit is a bound of what somebody may use, as far as a client may know of it.
type Limit struct {
	// Subject is whose it is, such as projects/acme.
	Subject string
	// Metric is what is counted, such as characters, and ID the limit's own name,
	// such as CharactersPerDayPerProject.
	Metric, ID string
	Value      int64
}

// New makes an error of a kind with a sentence for the client.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes an INVALID_ARGUMENT error about one field of the request.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: InvalidArgument, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e with its cause, which goes to the log only.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// At returns a copy of e with a place in its field's text, both from 1.
func (e *Error) At(line, column int) *Error {
	c := *e
	c.Line, c.Column = line, column
	return &c
}

// In returns a copy of e whose field is field.
func (e *Error) In(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Named returns err with its field as fields calls it, and err itself if that is
// none of them.
func Named(err error, fields map[string]string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		if field, ok := fields[e.Field]; ok {
			return e.In(field)
		}
	}
	return err
}

// Retry returns a copy of e that asks the client to wait for d first.
func (e *Error) Retry(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// For returns a copy of e with its reason.
func (e *Error) For(reason string) *Error {
	c := *e
	c.Reason = reason
	return &c
}

// Beyond returns a copy of e that names the limit that was met.
func (e *Error) Beyond(l Limit) *Error {
	c := *e
	c.Limit = &l
	return &c
}

// Public is the sentence for the client, with its field and place in front.
func (e *Error) Public() string {
	var b strings.Builder
	if e.Field != "" {
		b.WriteString(e.Field)
		if e.Line > 0 {
			fmt.Fprintf(&b, " (line %d, column %d)", e.Line, e.Column)
		}
		b.WriteString(": ")
	} else if e.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", e.Line, e.Column)
	}
	b.WriteString(e.Message)
	return b.String()
}

// Error is the text for the log: the public sentence, its code and its cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Code.String() + ": " + e.Public()
	}
	return e.Code.String() + ": " + e.Public() + ": " + e.cause.Error()
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.cause }

// From finds the *Error in err's chain. A context's end becomes CANCELLED or
// DEADLINE_EXCEEDED; any other error becomes INTERNAL with err as its cause
// and a sentence that tells nothing. From(nil) is nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return New(Canceled, "The request was cancelled.").Because(err)
	case errors.Is(err, context.DeadlineExceeded):
		return New(DeadlineExceeded, "The request took longer than its deadline.").Because(err)
	}
	return New(Internal, "Internal error encountered. The server's log has the cause.").Because(err)
}

// Is reports whether err is a fault of kind code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// Excerpt is s, which a client has sent, as a message may repeat it: 80 bytes of it at
// most, and valid UTF-8.
func Excerpt(s string) string {
	const most = 80
	if len(s) <= most {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.ToValidUTF8(s[:end], "\uFFFD") + "…"
}
