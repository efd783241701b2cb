package encodetest

import (
	"io"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Benchmark measures how fast a format encodes something like speech, in
// seconds of sound for each second of one core.
func Benchmark(b *testing.B, format driver.Format, rate audio.SampleRate) {
	const seconds = 10
	sound := Speechlike(rate, seconds*int(rate))
	for b.Loop() {
		enc, err := format.NewEncoder(io.Discard, rate, -1)
		if err != nil {
			b.Fatal(err)
		}
		if err := enc.Encode(sound); err != nil {
			b.Fatal(err)
		}
		if err := enc.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(seconds*float64(b.N)/b.Elapsed().Seconds(), "x")
}
