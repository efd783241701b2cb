package textnorm_test

import (
	"os"
	"strings"
	"testing"
)

// TestReadings holds the rows of testdata/readings.tsv, word for word.
func TestReadings(t *testing.T) {
	text, err := os.ReadFile("testdata/readings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	languages := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			t.Errorf("%q is no row", line)
			continue
		}
		languages[strings.Split(fields[0], "-")[0]] = true
		readings(t, fields[0], [][2]string{{fields[1], fields[2]}})
	}
	if len(languages) < 20 {
		t.Errorf("there are readings of %d languages only", len(languages))
	}
}
