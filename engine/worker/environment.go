package worker

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// passedOn are the variables that a worker gets of the parent's: where programs,
// libraries and espeak-ng's data are, and the language. Whatever else is there,
// such as a key to somebody's cloud, is none of the business of a program that
// reads strangers' text.
var passedOn = []string{"PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "ESPEAK_DATA_PATH", "GODEBUG"}

// passedOnPrefix is for what an author of workers wants to pass on.
const passedOnPrefix = "LECTERN_WORKER_"

// environment is what a worker gets that no environment was given.
func environment() []string {
	env := []string{} // not nil, which exec takes for the parent's
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if slices.Contains(passedOn, name) || strings.HasPrefix(name, passedOnPrefix) {
			env = append(env, v)
		}
	}
	return env
}

// readableBy is what a command may read besides the system's files: what was named,
// its program's folder, and what its environment points to.
func readableBy(path string, named, env []string) []string {
	readable := append([]string{filepath.Dir(path)}, named...)
	if itself, err := filepath.EvalSymlinks(path); err == nil {
		readable = append(readable, filepath.Dir(itself))
	}
	for _, v := range env {
		if name, value, _ := strings.Cut(v, "="); name == "ESPEAK_DATA_PATH" || name == "LD_LIBRARY_PATH" {
			readable = append(readable, filepath.SplitList(value)...)
		}
	}
	return readable
}
