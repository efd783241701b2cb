//go:build cgo && !noopus

package oggopus

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/packets"
)

func TestConformance(t *testing.T) {
	// ffmpeg's own decoder does not pre-skip in whole frames of 8000 Hz, nor
	// does it cut the sound short of its first packet there.
	own := encodetest.FFmpegOpus("opus")
	libopus, opusdec := encodetest.FFmpegOpus("libopus"), encodetest.Opusdec()
	h := encodetest.Harness{Format: packets.Sized(codec{}, 4), Whole: packets.Sized(codec{}, packets.Whole)}
	for _, c := range []struct {
		rates    []audio.SampleRate
		minSNR   float64
		decoders []encodetest.Decoder
	}{
		{[]audio.SampleRate{8000}, 8, []encodetest.Decoder{libopus, opusdec}},
		{[]audio.SampleRate{12000, 16000, 24000, 48000}, 10, []encodetest.Decoder{own, libopus, opusdec}},
	} {
		h.Rates, h.MinSNR, h.Decoders = c.rates, c.minSNR, c.decoders
		h.Refused = []audio.SampleRate{0, 11025, 22050, 32000, 44100, 96000}
		encodetest.Run(t, h)
	}
}
