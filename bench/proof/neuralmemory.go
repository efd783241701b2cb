package main

import (
	"context"
	"fmt"
	"strings"
)

// neuralMemory is that the memory of a worker does not grow with a text.
//
// Method: by a fresh worker each, an utterance of 5, 15, 64 and 300 words of the
// book; VmHWM of the worker's process behind it. For joe the largest is judged.
func neuralMemory(ctx context.Context, l *lab) ([]row, error) {
	const bar = 340e6
	return eachVoice(l, "memory of a worker", neuralVoices, func(v neuralVoice) ([]row, error) {
		var sizes []string
		largest := int64(0)
		lengths := []int{5, 15, 64, 300}
		if v.item == kokoro.item && l.quick {
			lengths = lengths[:3]
		}
		for _, words := range lengths {
			peak, err := peakOf(ctx, l, v, words)
			if err != nil {
				return nil, err
			}
			largest = max(largest, peak)
			sizes = append(sizes, megabytes(peak))
		}
		r := row{
			name:     fmt.Sprintf("memory of a worker, utterances of %d words, %s", lengths, v.name),
			measured: "VmHWM " + strings.Join(sizes, ", "), verdict: note,
		}
		if v.item == joe.item {
			r.bar, r.verdict = "<= "+megabytes(bar), judge(largest <= bar)
		}
		return []row{r}, nil
	})
}

func peakOf(ctx context.Context, l *lab, v neuralVoice, words int) (int64, error) {
	s, err := v.speaker(ctx, l)
	if err != nil {
		return 0, err
	}
	defer s.close()
	text := wordsOfBook(words)
	if err := s.say(ctx, text, nowhere{}); err != nil {
		return 0, err
	}
	return memory(s.worker.PID(), "VmHWM")
}
