package client

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
)

// TestFromStatus holds what is rebuilt to what any server of the API may send.
func TestFromStatus(t *testing.T) {
	violation := func(field string) *errdetails.BadRequest {
		return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field}}}
	}
	place := func(line, column string) *errdetails.ErrorInfo {
		return &errdetails.ErrorInfo{Metadata: map[string]string{"line": line, "column": column}}
	}
	for name, tc := range map[string]struct {
		message string
		details []protoadapt.MessageV1
		want    fault.Error
	}{
		"plain":              {"No.", nil, fault.Error{Message: "No."}},
		"field in front":     {"voice.name: No.", []protoadapt.MessageV1{violation("voice.name")}, fault.Error{Field: "voice.name", Message: "No."}},
		"field not in front": {"No.", []protoadapt.MessageV1{violation("voice.name")}, fault.Error{Field: "voice.name", Message: "No."}},
		"no violations":      {"No.", []protoadapt.MessageV1{&errdetails.BadRequest{}}, fault.Error{Message: "No."}},
		"place in front": {"input.ssml (line 2, column 7): No.", []protoadapt.MessageV1{place("2", "7"), violation("input.ssml")},
			fault.Error{Field: "input.ssml", Line: 2, Column: 7, Message: "No."}},
		"place that is none": {"No.", []protoadapt.MessageV1{place("x", "-1")}, fault.Error{Message: "No."}},
		"line alone":         {"No.", []protoadapt.MessageV1{place("3", "")}, fault.Error{Line: 3, Column: 1, Message: "No."}},
		"retry":              {"Busy.", []protoadapt.MessageV1{&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)}}, fault.Error{RetryAfter: time.Second, Message: "Busy."}},
		"silent":             {"", nil, fault.Error{Message: "The server answered RESOURCE_EXHAUSTED."}},
	} {
		st, err := status.New(codes.ResourceExhausted, tc.message).WithDetails(tc.details...)
		if err != nil {
			t.Fatal(err)
		}
		tc.want.Code = fault.ResourceExhausted
		if got := fromStatus(st); *got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, *got, tc.want)
		}
	}
}

// TestFromStatusKeepsWhatFaultsSay: to a status as the server makes it, and back.
func TestFromStatusKeepsWhatFaultsSay(t *testing.T) {
	f := fault.Invalid("input.ssml", "It is %s.", strings.Repeat("long ", 100)).At(3, 4)
	st, err := status.New(codes.InvalidArgument, f.Public()).WithDetails(
		&errdetails.ErrorInfo{Metadata: map[string]string{"line": "3", "column": "4"}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: f.Field}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := fromStatus(st); *got != *f {
		t.Errorf("%+v, want %+v", got, f)
	}
}
