package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// prosody is how fast pitch and speed are changed, on one core.
//
// Method, in this process: the beginning of the book as espeak-ng speaks it,
// at 24,000 Hz, 4 semitones up and 1.2 times as fast, five times (twice with
// -quick); seconds of the result for each second of CPU time; the median is
// judged.
func prosody(ctx context.Context, l *lab) ([]row, error) {
	sound, err := speechAt(ctx, outputRate)
	if err != nil {
		return nil, err
	}
	const rate, semitones, bar = 1.2, 4, 250
	var speeds []float64
	for range l.count(5, 2) {
		before, err := cpuTime(os.Getpid())
		if err != nil {
			return nil, err
		}
		if err := drain(dsp.Prosody(sound.Stream(), rate, semitones)); err != nil {
			return nil, err
		}
		after, err := cpuTime(os.Getpid())
		if err != nil {
			return nil, err
		}
		speeds = append(speeds, seconds(sound)/rate/max(after-before, time.Millisecond).Seconds())
	}
	return []row{{name: "pitch and speed (TD-PSOLA), speed", bar: fmt.Sprintf(">= %d x real time", bar),
		measured: fmt.Sprintf("%.0f x of %.0f", middle(speeds), speeds), verdict: judge(middle(speeds) >= bar)}}, nil
}

func drain(s audio.Stream) error {
	block := make([]float32, 8192)
	for {
		if _, err := s.Read(block); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
