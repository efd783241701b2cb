package flite_test

import (
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/flite"
)

func BenchmarkDirect(b *testing.B) {
	enginetest.Benchmark(b, flite.New(), "slt", "rms", "awb", "kal16")
}

func BenchmarkWorker(b *testing.B) {
	p := start(b)
	defer p.Close()
	enginetest.Benchmark(b, p, "slt", "kal16")
}
