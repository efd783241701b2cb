package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A part that is measured again takes the place of what it was; the others stay, and all
// stand in the order of the measurements, whichever was taken first.
func TestReportKeepsWhatWasNotMeasured(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	for _, step := range []struct{ name, when, measured string }{
		{"cancel", "yesterday", "4 ms"}, {"races", "yesterday", "1 write"}, {"cancel", "today", "3 ms"},
	} {
		r, err := openReport(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.put(step.name, step.when, table{{name: "what", measured: step.measured, verdict: note}}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := reportIntroduction
	for _, part := range []struct{ name, when, measured string }{{"races", "yesterday", "1 write"}, {"cancel", "today", "3 ms"}} {
		want += "\n## " + part.name + "\n\n" + part.when + "\n\n" + table{{name: "what", measured: part.measured, verdict: note}}.markdown()
	}
	if string(text) != want {
		t.Errorf("the page is\n%s\nwant\n%s", text, want)
	}
	if strings.Count(reportIntroduction, partHeading) != 0 {
		t.Error("the introduction has a heading of a part")
	}
}
