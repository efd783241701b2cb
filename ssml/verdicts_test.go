package ssml_test

import (
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

// row is one line of testdata/verdicts.tsv.
type row struct {
	document, verdict, reason, source string
}

func verdicts(t testing.TB) []row {
	t.Helper()
	file, err := os.ReadFile("testdata/verdicts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(file)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 4 {
			t.Fatalf("a line of %d fields: %q", len(fields), line)
		}
		rows = append(rows, row{fields[0], fields[1], fields[2], fields[3]})
	}
	return rows
}

func TestVerdicts(t *testing.T) {
	for _, r := range verdicts(t) {
		_, err := ssml.Parse(r.document, ssml.Limits{})
		if got := map[bool]string{true: "valid", false: "invalid"}[err == nil]; got != r.verdict {
			t.Errorf("%s\nis %s (%v), want %s: %s (%s)", r.document, got, err, r.verdict, r.reason, r.source)
			continue
		}
		if f := fault.From(err); f != nil && (f.Code != fault.InvalidArgument || f.Line < 1 || f.Column < 1 || f.Field != "") {
			t.Errorf("%s\nfails with %v at %d:%d, field %q", r.document, f.Code, f.Line, f.Column, f.Field)
		}
	}
}
