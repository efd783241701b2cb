package captions_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/lectern/lectern/captions"
)

// A time in JSON has the digits of its microseconds, not those of the nearest
// binary fraction (29.980791666000002).
func TestTimesHaveNoDigitsOfTheirOwn(t *testing.T) {
	var b bytes.Buffer
	w, err := captions.NewWriter(&b, captions.JSON, 48000)
	if err != nil {
		t.Fatal(err)
	}
	w.Word(captions.Word{Text: "late", Start: 1439078, End: 1440000})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, `"start":29.980792,"end":30}`) {
		t.Errorf("%s", got)
	}
}
