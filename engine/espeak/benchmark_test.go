// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
)

func BenchmarkDirect(b *testing.B) {
	enginetest.Benchmark(b, open(b), "gmw/en-US", "gmw/en-US+f3", "gmw/de")
}

func BenchmarkWorker(b *testing.B) {
	p := start(b)
	defer p.Close()
	enginetest.Benchmark(b, p, "gmw/en-US", "gmw/de")
}
