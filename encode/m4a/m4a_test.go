//go:build cgo && !noaac

package m4a

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/packets"
)

func TestConformance(t *testing.T) {
	ffmpeg := encodetest.FFmpeg("")
	ffmpeg.Slack, ffmpeg.Few = blockFrames-1, 3
	encodetest.Run(t, encodetest.Harness{
		Format:   packets.Sized(codec{}, 4),
		Whole:    packets.Sized(codec{}, packets.Whole),
		Rates:    []audio.SampleRate{8000, 22050, 24000, 48000},
		Refused:  []audio.SampleRate{0, 8001, 64000, 96000},
		Decoders: []encodetest.Decoder{ffmpeg},
		MinSNR:   15,
	})
}
