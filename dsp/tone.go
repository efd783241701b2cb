package dsp

import (
	"io"
	"math"
	"time"

	"github.com/lectern/lectern/audio"
)

// The bleep that stands for a word which must not be heard.
const (
	bleepHertz     = 1000
	bleepAmplitude = 0.25 // about as loud as speech at -20 LUFS peaks
	bleepRamp      = 5 * time.Millisecond
)

// Bleep is n frames of a sine of 1 kHz, 12 dB below full scale, whose ends are
// faded over 5 ms.
func Bleep(rate audio.SampleRate, n audio.Frames) audio.Stream {
	return faded(&tone{rate: rate, hertz: bleepHertz, amplitude: bleepAmplitude, length: max(0, n)}, bleepRamp)
}

// tone is a sine that begins at zero.
type tone struct {
	rate             audio.SampleRate
	hertz, amplitude float64
	at, length       audio.Frames
}

func (t *tone) SampleRate() audio.SampleRate { return t.rate }

func (t *tone) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if t.at >= t.length {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), t.length-t.at)]
	for i := range p {
		// Whole turns are taken away first, so that hours stay exact.
		turns := math.Mod(float64(t.at)*t.hertz, float64(t.rate)) / float64(t.rate)
		p[i] = float32(t.amplitude * math.Sin(2*math.Pi*turns))
		t.at++
	}
	return len(p), nil
}
