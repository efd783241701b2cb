package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

func TestExitCodesAndSentences(t *testing.T) {
	for _, tc := range []struct {
		err      error
		code     int
		sentence string
	}{
		{errors.New("no"), exitFailed, "no"},
		{usagef("no such flag"), exitUsage, "no such flag"},
		{outcome{code: exitFailed}, exitFailed, ""},
		{outcome{exitStillRuns, "it runs"}, exitStillRuns, "it runs"},
		{fmt.Errorf("x cannot be read: %w", fs.ErrNotExist), exitNotFound, "x cannot be read: file does not exist"},
		{fault.New(fault.NotFound, "No."), exitNotFound, "No."},
		{fault.New(fault.Unavailable, "No."), exitUnavailable, "No."},
		{fault.New(fault.ResourceExhausted, "Busy."), exitUnavailable, "Busy."},
		{fault.New(fault.FailedPrecondition, "No."), exitFailed, "No."},
		{fault.Invalid("voice.name", "No."), exitFailed, "--voice: No."},
		{fault.Invalid("input.ssml", "No.").At(2, 3), exitFailed, "SSML (line 2, column 3): No."},
		{fault.Invalid("some.field", "No."), exitFailed, "some.field: No."},
		{fault.From(errors.New("disk on fire")), exitFailed, "Internal error encountered: disk on fire"},
		{fault.New(fault.Unavailable, "No.").Because(context.Canceled), exitUnavailable, "No."},
	} {
		if got := exitCode(tc.err); got != tc.code {
			t.Errorf("%v: exit code %d, want %d", tc.err, got, tc.code)
		}
		if got := sentence(tc.err); got != tc.sentence {
			t.Errorf("%v: %q, want %q", tc.err, got, tc.sentence)
		}
	}
	if exitCode(nil) != exitOK {
		t.Error("no error has an exit code")
	}
	for _, code := range []int{exitOK, exitFailed, exitUsage, exitNotFound, exitUnavailable, exitStillRuns, exitInterrupted} {
		if !strings.Contains(exitCodesHelp, fmt.Sprintf("\n%5d  ", code)) {
			t.Errorf("the help does not tell exit code %d", code)
		}
	}
}

func FuzzInvalidLine(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "\xff", "a\n\n\xc3\nb", "\ufffd\n\xed\xa0\x80", "Größe\r\n\xe2\x82"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := invalidLine(text)
		if utf8.ValidString(text) != (line == 0) {
			t.Fatalf("%q: line %d", text, line)
		}
		if line == 0 {
			return
		}
		lines := strings.Split(text, "\n")
		if !utf8.ValidString(strings.Join(lines[:line-1], "\n")) || utf8.ValidString(lines[line-1]) {
			t.Fatalf("%q: line %d is not the first that is wrong", text, line)
		}
	})
}
