package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/fault"
)

func TestPublicNamesThePlace(t *testing.T) {
	for want, e := range map[string]*fault.Error{
		"Gone.":            fault.New(fault.NotFound, "Gone."),
		"input.ssml: Bad.": fault.Invalid("input.ssml", "Bad."),
		"input.ssml (line 2, column 3): <x> is bad.": fault.Invalid("input.ssml", "<%s> is bad.", "x").At(2, 3),
		"line 2, column 3: Bad.":                     fault.New(fault.InvalidArgument, "Bad.").At(2, 3),
		"voice.name: Bad.":                           fault.New(fault.InvalidArgument, "Bad.").In("voice.name"),
	} {
		if got := e.Public(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheCauseStaysInTheLog(t *testing.T) {
	e := fault.New(fault.Internal, "Something failed.").Because(io.ErrUnexpectedEOF)
	if strings.Contains(e.Public(), "EOF") {
		t.Errorf("the client reads the cause: %s", e.Public())
	}
	if !strings.Contains(e.Error(), "unexpected EOF") || !strings.HasPrefix(e.Error(), "INTERNAL: ") {
		t.Errorf("the log reads %q", e.Error())
	}
	if !errors.Is(e, io.ErrUnexpectedEOF) {
		t.Error("the cause is not in the chain")
	}
}

func TestCopiesLeaveTheOriginal(t *testing.T) {
	e := fault.New(fault.Unavailable, "Wait.")
	e.At(1, 1).In("f").Retry(time.Second).Because(io.EOF)
	if e.Line != 0 || e.Field != "" || e.RetryAfter != 0 || e.Unwrap() != nil {
		t.Errorf("changed: %+v", e)
	}
}

func TestFrom(t *testing.T) {
	own := fault.Invalid("f", "Bad.")
	for _, c := range []struct {
		err  error
		code fault.Code
	}{
		{own, fault.InvalidArgument},
		{fmt.Errorf("wrapped: %w", own), fault.InvalidArgument},
		{context.Canceled, fault.Canceled},
		{fmt.Errorf("wrapped: %w", context.DeadlineExceeded), fault.DeadlineExceeded},
		{io.EOF, fault.Internal},
	} {
		got := fault.From(c.err)
		if got.Code != c.code || !fault.Is(got, c.code) || !errors.Is(got, c.err) && !errors.Is(c.err, got) {
			t.Errorf("From(%v) = %v", c.err, got)
		}
		if c.code == fault.Internal && strings.Contains(got.Public(), c.err.Error()) {
			t.Errorf("the client reads %q", got.Public())
		}
	}
	if fault.From(nil) != nil {
		t.Error("From(nil) is an error")
	}
}

func TestCodesAreGooglesNumbers(t *testing.T) {
	names := strings.Fields("OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED")
	for n, name := range names { // google/rpc/code.proto
		if got := fault.Code(n).String(); got != name {
			t.Errorf("code %d is %s, want %s", n, got, name)
		}
	}
	if got := fault.Code(99).String(); got != "CODE_99" {
		t.Error(got)
	}
}

// TestExcerpt: what a message repeats is short, whole characters and UTF-8.
func TestExcerpt(t *testing.T) {
	for s, want := range map[string]string{
		"books":                        "books",
		"a\xffb":                       "a\uFFFDb",
		strings.Repeat("x", 80):        strings.Repeat("x", 80),
		strings.Repeat("x", 81):        strings.Repeat("x", 80) + "…",
		strings.Repeat("x", 79) + "éé": strings.Repeat("x", 79) + "…",
		strings.Repeat("\x80", 100):    "\uFFFD…",
	} {
		if got := fault.Excerpt(s); got != want {
			t.Errorf("of %q: got %q, want %q", s, got, want)
		}
	}
}
