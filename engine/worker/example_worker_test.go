package worker_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/worker"
)

// TestDocumentedExample runs the worker that the protocol's page shows.
func TestDocumentedExample(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: the documented example is not proved")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "worker-protocol.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(page), "```python\n")
	program, _, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatal("the page has no Python example")
	}
	script := filepath.Join(t.TempDir(), "sine.py")
	if err := os.WriteFile(script, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	enginetest.Run(t, enginetest.Harness{
		New: func(t testing.TB) driver.Engine {
			p, err := worker.Start(context.Background(), worker.Command{Path: python, Args: []string{"-IS", script}},
				worker.Options{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			return p
		},
		Hostile:  true,
		Children: true,
		LongText: 10_000,
		Kill:     func(t testing.TB, e driver.Engine) { enginetest.KillProcess(t, e.(*worker.Process).PID()) },
	})
}
