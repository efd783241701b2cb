package pcm_test

import (
	"io"
	"math"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/pcm"
)

func TestConformance(t *testing.T) {
	encodetest.Run(t, encodetest.Harness{
		Format: pcm.Format(),
		Rates:  []audio.SampleRate{8000, 22050, 48000},
		Decoders: []encodetest.Decoder{
			encodetest.FFmpeg("s16le"),
			encodetest.Sox("-t", "raw", "-e", "signed", "-b", "16"),
		},
		MinSNR: 80,
	})
}

func TestSampleRounds(t *testing.T) {
	const unit = 1.0 / 32768
	for _, c := range []struct {
		x    float64
		want int16
	}{
		{0, 0}, {0.49 * unit, 0}, {0.51 * unit, 1}, {-0.51 * unit, -1},
		{0.5 * unit, 0}, {1.5 * unit, 2}, {2.5 * unit, 2}, {-1.5 * unit, -2}, {-2.5 * unit, -2},
		{32766 * unit, 32766}, {32766.6 * unit, 32767}, {32767 * unit, 32767}, {1, 32767}, {2, 32767},
		{-32767.6 * unit, -32768}, {-1, -32768}, {-1.0001, -32768}, {-2, -32768},
		{math.Inf(1), 32767}, {math.Inf(-1), -32768}, {math.NaN(), 0}, {1e-40, 0},
	} {
		if got := pcm.Sample(float32(c.x)); got != c.want {
			t.Errorf("Sample(%v/32768) = %d, want %d", c.x/unit, got, c.want)
		}
	}
}

func TestSampleKeepsEverySampleOfAnEngine(t *testing.T) {
	for s := math.MinInt16; s <= math.MaxInt16; s++ {
		if got := pcm.Sample(float32(s) / 32768); got != int16(s) {
			t.Fatalf("Sample(%d/32768) = %d", s, got)
		}
	}
}

func TestEncodeDoesNotAllocate(t *testing.T) {
	enc := pcm.NewBody(io.Discard)
	frames := make([]float32, 5000)
	if n := testing.AllocsPerRun(20, func() { _ = enc.Encode(frames) }); n != 0 {
		t.Errorf("Encode allocates %v times a call", n)
	}
}

func BenchmarkEncode(b *testing.B) {
	enc := pcm.NewBody(io.Discard)
	frames := make([]float32, 4096)
	for i := range frames {
		frames[i] = float32(math.Sin(float64(i)))
	}
	for b.Loop() {
		_ = enc.Encode(frames)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(frames)), "ns/frame")
}
