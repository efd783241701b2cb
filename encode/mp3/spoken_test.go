//go:build cgo && !nomp3

package mp3

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/encodetest"
)

// wholeOnly hides that a format has pieces: theirs have an Info frame.
type wholeOnly struct{ driver.Format }

func TestSpokenConforms(t *testing.T) {
	ffmpeg := encodetest.Late(encodetest.FFmpeg(""), encoderDelay+decoderDelay)
	ffmpeg.Slack, ffmpeg.Few = 8*576-(encoderDelay+decoderDelay), 3 // the least packets that ffmpeg knows
	encodetest.Run(t, encodetest.Harness{
		Format: wholeOnly{Spoken()}, MinSNR: 10,
		Rates:    []audio.SampleRate{24000},
		Decoders: []encodetest.Decoder{ffmpeg},
	})
}
