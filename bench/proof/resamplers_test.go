package main

import (
	"math"
	"testing"

	"github.com/lectern/lectern/audio"
)

// The measure itself must be able to see what is judged by it.
func TestFitSeesNoiseOfAKnownStrength(t *testing.T) {
	for _, noise := range []float64{-60, -90, -110} {
		sound := sine(24000, 997).Samples
		amplitude := 0.5 * math.Pow(10, noise/20)
		for i := range sound {
			sound[i] += float32(amplitude * math.Sin(2*math.Pi*5003*float64(i)/24000))
		}
		signal, rest := fit(sound, 24000, 997)
		if got := decibels(rest / signal); math.Abs(got-noise) > 0.5 {
			t.Errorf("noise of %.0f dB is measured as %.1f dB", noise, got)
		}
	}
}

func TestResamplingByRepeatingFramesWouldBeSeen(t *testing.T) {
	source := sine(22050, 997).Samples
	var crude []float32
	for i := range 24000 {
		crude = append(crude, source[i*22050/24000])
	}
	signal, rest := fit(crude, audio.SampleRate(24000), 997)
	if snr := decibels(signal / rest); snr > 40 {
		t.Errorf("a resampler that repeats frames has an SNR of %.1f dB", snr)
	}
}
