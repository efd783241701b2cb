//go:build cgo && !noopus

package oggopus

import (
	"testing"

	"github.com/lectern/lectern/encode/encodetest"
)

func BenchmarkEncode(b *testing.B) { encodetest.Benchmark(b, Format(), 24000) }
