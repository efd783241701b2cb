package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"github.com/lectern/lectern/engine/worker"
)

// TestCloseWaitsForNobodyElse: a process that a worker has started, and that left
// its group, may hold its log open for ever.
func TestCloseWaitsForNobodyElse(t *testing.T) {
	said := make(chan string, 10)
	log := slog.New(slog.NewTextHandler(writerFunc(func(line []byte) (int, error) {
		said <- string(line)
		return len(line), nil
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := worker.Start(context.Background(), command(t, "heir"), worker.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for left == 0 {
		line := <-said
		if at := strings.Index(line, "left "); at >= 0 {
			fmt.Sscanf(line[at:], "left %d behind", &left)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := syscall.Kill(left, 0); err != nil {
		t.Errorf("it was waited for: %v", err)
	}
	syscall.Kill(left, syscall.SIGKILL)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
