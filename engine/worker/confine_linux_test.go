package worker_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/worker"
)

// TestWorkerHasNothingToLose: no secrets, no privileges, no files to write, and
// that its parent keeps its own.
func TestWorkerHasNothingToLose(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "planted")
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv(roleVariable, "tone")
	before := privileges(t, "self")
	p, err := worker.Start(context.Background(), worker.Command{Path: command(t, "tone").Path}, worker.Options{Reads: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	proc := fmt.Sprint("/proc/", p.PID(), "/")
	read := func(name string) string {
		text, err := os.ReadFile(proc + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	environ := read("environ")
	if strings.Contains(environ, "planted") || !strings.Contains(environ, "LANG=C.UTF-8") || !strings.Contains(environ, roleVariable) {
		t.Errorf("its environment is %q", environ)
	}
	if dir, err := os.Readlink(proc + "cwd"); dir != "/" {
		t.Errorf("it is in %s, %v", dir, err)
	}
	const none = "0000000000000000"
	if got := privileges(t, fmt.Sprint(p.PID())); got != "CapInh:"+none+" CapPrm:"+none+" CapEff:"+none+" CapAmb:"+none+" NoNewPrivs:1" {
		t.Errorf("it has %s", got)
	}
	for _, limit := range []string{"Max file size 0 0 bytes", "Max core file size 0 0 bytes", "Max open files 128 128 files"} {
		found := slices.ContainsFunc(strings.Split(read("limits"), "\n"), func(line string) bool {
			return strings.Join(strings.Fields(line), " ") == limit
		})
		if !found {
			t.Errorf("its limits lack %q:\n%s", limit, read("limits"))
		}
	}
	// The thread that started the worker is given up to it; all others are as
	// they were.
	if after := privileges(t, "self"); after != before {
		t.Errorf("its parent had %s, and has %s", before, after)
	}
}

// privileges are those of a process's first thread.
func privileges(t *testing.T, pid string) string {
	t.Helper()
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "NoNewPrivs" || strings.HasPrefix(name, "Cap") && name != "CapBnd" {
			found = append(found, name+":"+strings.TrimSpace(value))
		}
	}
	return strings.Join(found, " ")
}
