package dsp_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// No sound, be it infinite or not a number, makes an effect panic or changes
// the number of frames.
func FuzzEffects(f *testing.F) {
	f.Add([]byte{}, uint8(0))
	f.Add([]byte{0, 0, 0x80, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff, 1, 0, 0, 0}, uint8(60))
	f.Add([]byte{0, 0, 0, 0x3f, 0, 0, 0, 0xbf, 0xff, 0xff, 0x7f, 0x7f}, uint8(255))
	f.Fuzz(func(t *testing.T, raw []byte, times uint8) {
		sound := audio.Buffer{Rate: 8000}
		for range int(times) + 1 {
			for i := 0; i+4 <= len(raw) && len(sound.Samples) < 20_000; i += 4 {
				sound.Samples = append(sound.Samples, math.Float32frombits(binary.LittleEndian.Uint32(raw[i:])))
			}
		}
		n := len(sound.Samples)
		for name, c := range map[string]struct {
			s    audio.Stream
			want float64
		}{
			"Prosody": {dsp.Prosody(sound.Stream(), 0.7, 5), float64(n) / 0.7},
			"lower":   {dsp.Prosody(sound.Stream(), 3, -20), float64(n) / 3},
			"Speed":   {dsp.Speed(sound.Stream(), 1.3), float64(n) / 1.3},
			"Limit":   {dsp.Limit(sound.Stream(), -1), float64(n)},
			"profile": {profile(t, "large-automotive-class-device")(sound.Stream()), float64(n)},
			"fade":    {dsp.FadeInOut(sound.Stream(), 100, 100, 0), float64(n)},
		} {
			if got := readAll(t, c.s); len(got) != int(math.Round(c.want)) {
				t.Errorf("%s: %d frames became %d, want %v", name, n, len(got), c.want)
			}
		}
		if _, _, err := dsp.Loudness(sound.Stream()); err != nil {
			t.Error(err)
		}
	})
}
