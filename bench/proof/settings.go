package main

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
)

// everySetting is an audio_config with all that there is.
func everySetting() *ttspb.AudioConfig {
	return &ttspb.AudioConfig{
		AudioEncoding: ttspb.AudioEncoding_LINEAR16, SampleRateHertz: int32(outputRate),
		SpeakingRate: 1.2, Pitch: 4, VolumeGainDb: 6, EffectsProfileId: []string{"handset-class-device"},
	}
}

// settings is what every setting at once costs: speed 1.2, 4 semitones up, 6 dB
// more, 24,000 Hz, one device profile.
//
// Method: as throughput, on one server. For flite's statistical voice the
// reference is the same calls without any setting, in turn, and the quotient of
// the medians of sentences per second is judged. For espeak it is judged how
// many seconds of sound are made in a second, divided by the cores, of which
// the callers use a part.
func settings(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "settings")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	texts, span := sentencesOf(alice, 200), 4*time.Second
	if l.quick {
		span = 1500 * time.Millisecond
	}
	// measured is sentences and seconds of sound in a second.
	measured := func(part string, config func() *ttspb.AudioConfig) (sentences, sound float64, err error) {
		v, err := s.voice(ctx, part)
		if err != nil {
			return 0, 0, err
		}
		var bytes, calls atomic.Int64
		sentences, err = callsPerSecond(ctx, s.address, 1, speechCallers, span, func(ctx context.Context, c *client, n int) error {
			answer, err := c.speech.SynthesizeSpeech(ctx, &ttspb.SynthesizeSpeechRequest{
				Input: plainText(texts[n%len(texts)]), Voice: selection(v), AudioConfig: config(),
			})
			if err == nil {
				bytes.Add(int64(len(answer.AudioContent)))
				calls.Add(1)
			}
			return err
		})
		each := float64(bytes.Load()) / float64(max(calls.Load(), 1)) / 2 / float64(outputRate)
		return sentences, sentences * each, err
	}
	var with, without, sound []float64
	for range l.count(5, 2) {
		w, _, err := measured(fliteSlow, everySetting)
		if err != nil {
			return nil, err
		}
		o, _, err := measured(fliteSlow, linear16)
		if err != nil {
			return nil, err
		}
		_, made, err := measured(espeak, everySetting)
		if err != nil {
			return nil, err
		}
		with, without, sound = append(with, w), append(without, o), append(sound, made/float64(runtime.NumCPU()))
	}
	const quotientBar, speedBar = 0.60, 120
	x := middle(with) / middle(without)
	return []row{
		{
			name: "SynthesizeSpeech with every setting, " + fliteSlow, bar: fmt.Sprintf(">= %.2f x the same without any", quotientBar),
			measured:  fmt.Sprintf("%.1f/s of %.1f", middle(with), with),
			reference: fmt.Sprintf("%.1f/s of %.1f", middle(without), without),
			ratio:     fmt.Sprintf("%.2f", x), verdict: judge(x >= quotientBar),
		},
		{
			name: "SynthesizeSpeech with every setting, " + espeak, bar: fmt.Sprintf(">= %d x real time a core", speedBar),
			measured: fmt.Sprintf("%.0f x of %.0f", middle(sound), sound), verdict: judge(middle(sound) >= speedBar),
		},
	}, s.stop()
}
