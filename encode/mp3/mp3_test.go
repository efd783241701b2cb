//go:build cgo && !nomp3

package mp3

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/packets"
)

func TestConformance(t *testing.T) {
	for _, h := range []encodetest.Harness{
		{Format: packets.Sized(codec32, 4), Whole: packets.Sized(codec32, packets.Whole), MinSNR: 10},
		{Format: packets.Sized(codec64, 4), Whole: packets.Sized(codec64, packets.Whole), MinSNR: 15},
	} {
		h.Rates = []audio.SampleRate{8000, 22050, 44100}
		h.Refused = []audio.SampleRate{0, 8001, 9000, 64000, 96000}
		ffmpeg := encodetest.FFmpeg("")
		ffmpeg.Few = 529 // it counts the decoder's delay twice
		h.Decoders = []encodetest.Decoder{ffmpeg, encodetest.Mpg123()}
		t.Run(h.Format.Name(), func(t *testing.T) { encodetest.Run(t, h) })
	}
}
