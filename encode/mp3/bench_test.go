//go:build cgo && !nomp3

package mp3

import (
	"testing"

	"github.com/lectern/lectern/encode/encodetest"
)

func BenchmarkEncode(b *testing.B) { encodetest.Benchmark(b, MP3(), 24000) }
