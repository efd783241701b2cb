package peers_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A server keeps every expectation that cmd/lro-conformance has of servers of
// google.longrunning, and nothing is left unsaid but what takes a failing request.
func TestConformance(t *testing.T) {
	p := serve(t, t.TempDir())
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs, "lro-conformance"), "--target", p.address).CombinedOutput()
	if err != nil {
		t.Errorf("lro-conformance: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "-      "), " ")
		if strings.HasPrefix(line, "-") && name != "get/failed" && !strings.HasPrefix(name, "expiry/") {
			t.Errorf("nothing was said of %s", name)
		}
	}
}
