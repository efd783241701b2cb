package ttsapi

import (
	"context"
	"testing"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
)

// Only what the pipeline calls its own is named anew.
func TestNamed(t *testing.T) {
	for field, want := range map[string]string{
		voices.FieldName: "voice.name", "voice": "voice", "": "", "output_gcs_uri": "output_gcs_uri",
	} {
		if got := fault.From(named(fault.Invalid(field, "No.").At(1, 2))); got.Field != want || got.Line != 1 {
			t.Errorf("%q is named %q at line %d, want %q", field, got.Field, got.Line, want)
		}
	}
	if named(nil) != nil || named(context.Canceled) != context.Canceled {
		t.Error("what is no fault has changed")
	}
	for own := range fields {
		for _, api := range fields {
			if own == api {
				t.Errorf("%q is a name of the API, too", own)
			}
		}
	}
}
