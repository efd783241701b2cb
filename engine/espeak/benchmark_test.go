// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
)

func BenchmarkDirect(b *testing.B) {
	engine, err := open()
	if err != nil {
		b.Fatal(err)
	}
	enginetest.Benchmark(b, engine, 0, "gmw/en-US", "gmw/en-US+f3", "gmw/de")
}

func BenchmarkWorker(b *testing.B) {
	p := start(b)
	defer p.Close()
	enginetest.Benchmark(b, p, p.PID(), "gmw/en-US", "gmw/de")
}
