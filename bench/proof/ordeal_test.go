package main

import (
	"os/exec"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

// TestKills is the kill test of the table with fewer kills: the real server,
// the real engines, real SIGKILLs.
func TestKills(t *testing.T) {
	n := 8
	if testing.Short() {
		n = 3
	}
	l := testLab(t)
	report, err := ordeal(t.Context(), l, n, uint64(time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report)
	for _, c := range report.complaints {
		t.Error(c)
	}
	if report.kills != n {
		t.Errorf("%d kills of %d", report.kills, n)
	}
	if report.succeeded == 0 {
		t.Error("no operation succeeded")
	}
}

// testLab is a lab with freshly built binaries. Where the engines' libraries
// are missing the test is skipped, unless they are required.
func testLab(t *testing.T) *lab {
	t.Helper()
	bin := t.TempDir()
	for _, name := range binaries {
		build := exec.Command("go", "build", "-o", bin+"/"+name, "./cmd/"+name)
		build.Dir = "../.."
		if out, err := build.CombinedOutput(); err != nil {
			if name != "lectern" && !needs.Required() {
				t.Skipf("SKIPPED: %s cannot be built here (scripts/install build): %s", name, out)
			}
			t.Fatalf("building %s: %v\n%s", name, err, out)
		}
	}
	l, err := newLab(bin, true, 1, testWriter{t})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

// testWriter shows what a lab logs as the test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}
