package flite_test

import (
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/flite"
)

func BenchmarkDirect(b *testing.B) {
	enginetest.Benchmark(b, flite.New(), 0, "slt", "rms", "awb", "kal16")
}

func BenchmarkWorker(b *testing.B) {
	p := start(b)
	defer p.Close()
	enginetest.Benchmark(b, p, p.PID(), "slt", "kal16")
}
