package command

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

var limitRow = regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\| ([^|]+) \\| ([^|]+) \\|$")

// TestLimitsPage holds docs/limits.md to the flags: each that bounds something is
// there, each that is there exists, and has the default that the page says.
func TestLimitsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := newServeCommand(&environment{getenv: func(string) string { return "" }}).Flags()
	told := map[string]bool{}
	for _, row := range limitRow.FindAllStringSubmatch(string(page), -1) {
		name, value := row[1], strings.TrimSpace(row[2])
		told[name] = true
		f := flags.Lookup(name)
		switch {
		case f == nil:
			t.Errorf("there is no flag --%s", name)
		case value == "none" && f.DefValue != "[]", value != "none" && value != "of the machine" && value != f.DefValue:
			t.Errorf("--%s is %s by default, the page says %s", name, f.DefValue, value)
		}
	}
	flags.VisitAll(func(f *pflag.Flag) {
		bounds := strings.HasPrefix(f.Name, "max-") || strings.HasSuffix(f.Name, "-memory") || strings.HasSuffix(f.Name, "-timeout") || strings.Contains(f.Name, "limit") || f.Name == "slots" || f.Name == "retention"
		if bounds && !told[f.Name] {
			t.Errorf("the page lacks --%s", f.Name)
		}
	})
}
