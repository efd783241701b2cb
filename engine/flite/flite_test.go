package flite_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/flite"
	"github.com/lectern/lectern/engine/worker"
)

const roleVariable = "LECTERN_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		os.Exit(worker.Main(func() (driver.Engine, error) { return flite.New(), nil }))
	}
	os.Exit(m.Run())
}

func start(t testing.TB) *worker.Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := worker.Start(context.Background(),
		worker.Command{Path: self, Env: []string{roleVariable + "=flite"}},
		worker.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New:      func(testing.TB) driver.Engine { return flite.New() },
		Voice:    "kal16",
		LongText: 20_000,
	})
}

func TestConformanceThroughWorker(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New:      func(t testing.TB) driver.Engine { return start(t) },
		Voice:    "kal16",
		Hostile:  true,
		Children: true,
		Kill:     func(t testing.TB, e driver.Engine) { enginetest.KillProcess(t, e.(*worker.Process).PID()) },
	})
}
