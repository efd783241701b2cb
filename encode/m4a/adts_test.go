//go:build cgo && !noaac

package m4a

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/packets"
)

func TestADTSConforms(t *testing.T) {
	ffmpeg := encodetest.Late(encodetest.FFmpeg(""), delay)
	ffmpeg.Slack, ffmpeg.Few = 2*blockFrames, 3
	encodetest.Run(t, encodetest.Harness{
		Format:   packets.Sized(adts{}, 4),
		Whole:    packets.Sized(adts{}, packets.Whole),
		Rates:    []audio.SampleRate{24000},
		Refused:  []audio.SampleRate{0, 8001, 64000, 96000},
		Decoders: []encodetest.Decoder{ffmpeg},
		MinSNR:   15,
		HeldBack: 1100, // three packets
	})
}
