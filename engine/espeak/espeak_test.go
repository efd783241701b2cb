// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/espeak"
	"github.com/lectern/lectern/engine/worker"
)

const roleVariable = "LECTERN_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		os.Exit(worker.Main(func() (driver.Engine, error) { return espeak.Open() }))
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
		worker.Command{Path: self, Env: []string{roleVariable + "=espeak"}},
		worker.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// open makes an engine that lives as long as the test.
func open(t testing.TB) *espeak.Engine {
	t.Helper()
	engine, err := espeak.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New: func(t testing.TB) driver.Engine {
			engine, err := espeak.Open()
			if err != nil {
				t.Fatal(err)
			}
			return engine
		},
		Voice:    "gmw/en-US",
		Children: true,
		Hostile:  true,
		LongText: 20_000,
	})
}

func TestConformanceThroughWorker(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New:      func(t testing.TB) driver.Engine { return start(t) },
		Voice:    "gmw/en-US",
		Hostile:  true,
		Children: true,
		Kill:     func(t testing.TB, e driver.Engine) { enginetest.KillProcess(t, e.(*worker.Process).PID()) },
	})
}
