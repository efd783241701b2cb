//go:build cgo && !noaac

package m4a

import (
	"testing"

	"github.com/lectern/lectern/encode/encodetest"
)

func BenchmarkEncode(b *testing.B) { encodetest.Benchmark(b, Format(), 24000) }
