package peers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// ofTesting is the program in one language that docs/testing.md shows, in a file of
// its own.
func ofTesting(t *testing.T, language, name string) (file string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)\n```"+language+"\n(.*?)\n```\n").FindAllSubmatch(page, -1)
	if len(found) != 1 {
		t.Fatalf("the page has %d programs in %s", len(found), language)
	}
	file = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, append(found[0][1], '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// runTesting runs a test runner, which must say that one test has passed, with
// lectern on its path. Nothing is left of the server that it has started.
func runTesting(t *testing.T, passed string, command *exec.Cmd) {
	t.Helper()
	temporary := t.TempDir()
	command.Env = append(command.Environ(), "PATH="+programs+string(os.PathListSeparator)+os.Getenv("PATH"), "TMPDIR="+temporary)
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), passed) {
		t.Errorf("%v\n%s", err, out)
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "lectern-*")); err != nil || len(left) > 0 {
		t.Errorf("the server has left %v, %v", left, err)
	}
}

func TestPytest(t *testing.T) {
	python := needs.Python(t, "pytest, google.cloud.texttospeech")
	file := ofTesting(t, "python", "test_speech.py")
	runTesting(t, "1 passed", exec.CommandContext(t.Context(), python, "-m", "pytest", "-p", "no:cacheprovider", file))
}

// TestJestClient is a test in Jest, which wants its packages beside its file.
func TestJestClient(t *testing.T) {
	packages := filepath.Join(needs.Clients(t, "jest"), "node_modules")
	file := ofTesting(t, "javascript", "speech.test.js")
	dir := filepath.Dir(file)
	if err := os.Symlink(packages, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	jest := exec.CommandContext(t.Context(), needs.Program(t, "node"), filepath.Join(packages, "jest", "bin", "jest.js"), "--no-cache")
	jest.Dir = dir
	runTesting(t, "1 passed", jest)
}

func TestJUnitClient(t *testing.T) {
	jars := filepath.Join(needs.Clients(t, "junit"), "*")
	file := ofTesting(t, "java", "SpeechTest.java")
	classes := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), needs.Program(t, "javac"), "-cp", jars, "-d", classes, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	runTesting(t, "1 tests successful", exec.CommandContext(t.Context(), needs.Program(t, "java"), "-cp", jars+string(os.PathListSeparator)+classes,
		"org.junit.platform.console.ConsoleLauncher", "execute", "--select-class", "SpeechTest", "--disable-banner"))
}
