// Package needs is for tests that need something of the machine they run on: a
// program, a client library, test data. Where it is missing they are skipped,
// out loud; with LECTERN_TEST_TOOLS=required in the environment, as under `make
// test`, they fail.
package needs

import (
	"os"
	"os/exec"
	"testing"
)

// Required says that a test must not be skipped for what is missing.
func Required() bool { return os.Getenv("LECTERN_TEST_TOOLS") == "required" }

// Program is the path of a program.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, "%s is not installed", name)
	}
	return path
}

// Missing ends the test: it says what is missing, in a sentence without its full
// stop.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if Required() {
		t.Fatalf(format+", and LECTERN_TEST_TOOLS=required", args...)
	}
	t.Skipf("SKIPPED: "+format, args...)
}
