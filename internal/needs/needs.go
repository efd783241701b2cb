// Package needs is for tests that need something of the machine they run on: a
// program, a client library, test data. Where it is missing they are skipped,
// out loud; with LECTERN_TEST_TOOLS=required in the environment, as under `make
// test`, they fail.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
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

// Voices is a directory of neural voices that has all of names, items such as
// "heart": LECTERN_TEST_VOICES, or .voices at the top of the repository, where `make
// test` installs them.
func Voices(t testing.TB, names ...string) string {
	t.Helper()
	dir := os.Getenv("LECTERN_TEST_VOICES")
	if dir == "" {
		dir = filepath.Join(top(t), ".voices")
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name, "item.json")); err != nil {
			Missing(t, "the voice %s is not installed (lectern voices install %s --voices %s)", name, name, dir)
		}
	}
	return dir
}

// Python is the interpreter in .venv, if it has a module.
func Python(t testing.TB, module string) string {
	t.Helper()
	path := os.Getenv("LECTERN_PYTHON")
	if path == "" {
		path = filepath.Join(top(t), ".venv", "bin", "python")
	}
	if out, err := exec.Command(path, "-c", "import "+module).CombinedOutput(); err != nil {
		Missing(t, "%s has no %s (scripts/install test): %s", path, module, out)
	}
	return path
}

// top is the directory of the repository.
func top(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.work above")
		}
		dir = filepath.Dir(dir)
	}
}

// Tool is the path of a program that `scripts/install test` builds for tests
// alone, into .tools at the top of the repository.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(top(t), ".tools", name)
	if _, err := os.Stat(path); err != nil {
		Missing(t, "%s is not built (scripts/install test)", name)
	}
	return path
}

// Clients is a directory that `scripts/install clients` makes in .clients: of
// programs that bring too much for the suite. Where it is missing the test is
// skipped; with LECTERN_TEST_CLIENTS=required, as under `make clients`, it fails.
func Clients(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(top(t), ".clients", name)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("LECTERN_TEST_CLIENTS") == "required" {
			t.Fatalf("%s is not installed, and LECTERN_TEST_CLIENTS=required", name)
		}
		t.Skipf("SKIPPED: %s is not installed (scripts/install clients)", name)
	}
	return dir
}
