package main

import (
	"context"
	"fmt"
	"time"

	"github.com/lectern/lectern/engine/worker"
)

// neuralServed is throughput for heart, and what a server takes that has it ready.
//
// Method: as throughput and as the memory of start are measured. The bare workers
// are as nice as a server makes those of neural voices.
func neuralServed(ctx context.Context, l *lab) ([]row, error) {
	return eachVoice(l, "served", []neuralVoice{heart}, func(v neuralVoice) ([]row, error) {
		if err := l.speaks(ctx, v); err != nil {
			return nil, err
		}
		s, err := l.freshWith(ctx, "served", l.voices)
		if err != nil {
			return nil, err
		}
		defer s.discard()
		r, err := throughputOf(ctx, l, s, v.name, v.command(l), worker.Options{Nice: neuralNice}, sentencesOf(alice, 200), 0.85)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, s.lastWords())
		}
		if err := s.stop(); err != nil {
			return nil, err
		}
		m, err := idleMemory(ctx, l, l.voices, v.name)
		if err != nil {
			return nil, err
		}
		const small = 60e6
		return []row{r, {
			name:     "idle memory of a server with " + v.name + " warm",
			bar:      "<= " + megabytes(small) + ", server",
			measured: fmt.Sprintf("VmRSS %s (VmHWM %s; its workers together %s)", megabytes(m.server), megabytes(m.peak), megabytes(m.workers)),
			verdict:  judge(float64(m.server) <= small),
		}}, nil
	})
}

// neuralNice is the nice value of a server's neural workers while nobody reads a book (internal/installed).
const neuralNice = 8

// speaks is errMissing for a voice that is not there.
func (l *lab) speaks(ctx context.Context, v neuralVoice) error {
	s, err := v.speaker(ctx, l)
	if err == nil {
		s.close()
	}
	return err
}

// neuralCold is what the first call waits for a voice whose worker is not there.
//
// Method: on a fresh server, which has the workers of heart started by itself, two
// calls of SynthesizeSpeech with the same short text for each voice, one after the
// other; three times (once with -quick), the medians. Heart's first call comes with
// the server's first answer.
func neuralCold(ctx context.Context, l *lab) ([]row, error) {
	firsts, seconds := map[string]durations{}, map[string]durations{}
	for range l.count(3, 1) {
		if err := l.callCold(ctx, firsts, seconds); err != nil {
			return nil, err
		}
	}
	return eachVoice(l, "first call of a cold voice", neuralVoices, func(v neuralVoice) ([]row, error) {
		if len(firsts[v.item]) == 0 {
			return nil, fmt.Errorf("%w: the voice %s", errMissing, v.item)
		}
		return []row{{
			name:     "first call of a cold voice, and the one behind it, " + v.name,
			measured: fmt.Sprintf("%s, then %s", millis(firsts[v.item].median()), millis(seconds[v.item].median())),
			verdict:  note,
		}}, nil
	})
}

func (l *lab) callCold(ctx context.Context, firsts, seconds map[string]durations) error {
	s, err := l.freshWith(ctx, "cold", l.voices)
	if err != nil {
		return err
	}
	defer s.discard()
	for _, v := range l.installed(neuralVoices...) {
		listed, err := s.voice(ctx, v.name)
		if err != nil {
			return err
		}
		for _, all := range []map[string]durations{firsts, seconds} {
			begun := time.Now()
			if _, err := s.say(ctx, listed, "Is there anybody in?"); err != nil {
				return fmt.Errorf("%w: %s", err, s.lastWords())
			}
			all[v.item] = append(all[v.item], time.Since(begun))
		}
	}
	return s.stop()
}
