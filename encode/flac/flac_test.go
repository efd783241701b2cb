package flac_test

import (
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/encode/flac"
)

func TestConformance(t *testing.T) {
	encodetest.Run(t, encodetest.Harness{
		Format:   flac.Format(),
		Rates:    []audio.SampleRate{8000, 22050, 24000, 44100},
		Refused:  []audio.SampleRate{0, 1 << 20},
		Decoders: []encodetest.Decoder{encodetest.FFmpeg("")},
		MinSNR:   80,
	})
}
