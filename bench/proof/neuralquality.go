package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// neuralQuality is how clean voices sound to DNSMOS P.835, a network that was
// taught by listeners of denoisers: it says "clean and like speech", not "natural".
//
// Method: 8 texts of two sentences, 10 to 25 words each, by SynthesizeSpeech at the
// voice's own rate, brought to 16,000 Hz; speechmos's scores; the mean.
func neuralQuality(ctx context.Context, l *lab) ([]row, error) {
	judge, err := l.refer(ctx, "dnsmos")
	if errors.Is(err, errMissing) {
		return []row{{name: "DNSMOS", measured: err.Error(), verdict: skipped}}, nil
	} else if err != nil {
		return nil, err
	}
	defer judge.close()
	s, err := l.freshWith(ctx, "quality", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	names := []string{fliteSlow, espeak}
	for _, v := range l.installed(kokoro, joe, heart) {
		names = append([]string{v.name}, names...)
	}
	texts := pairsOfSentences(8)
	var rows []row
	for _, name := range names {
		v, err := s.voice(ctx, name)
		if err != nil {
			return rows, err
		}
		var sums [3]float64
		for _, text := range texts {
			scores, err := score(ctx, l, s, judge, v, text)
			if err != nil {
				return rows, fmt.Errorf("%s: %w", v.Name, err)
			}
			for i, x := range scores {
				sums[i] += x / float64(len(texts))
			}
		}
		rows = append(rows, row{
			name:     fmt.Sprintf("DNSMOS over %d texts, %s", len(texts), v.Name),
			measured: fmt.Sprintf("SIG %.2f, BAK %.2f, OVRL %.2f", sums[0], sums[1], sums[2]),
			verdict:  note,
		})
	}
	return rows, s.stop()
}

func score(ctx context.Context, l *lab, s *server, judge *reference, v *voice, text string) ([]float64, error) {
	sound, err := s.say(ctx, v, text)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(l.dir, "scored.wav")
	defer os.Remove(file)
	if err := os.WriteFile(file, sound, 0o600); err != nil {
		return nil, err
	}
	var answer struct{ Scores []float64 }
	err = judge.ask(map[string]string{"file": file}, &answer)
	if err == nil && len(answer.Scores) != 3 {
		err = fmt.Errorf("%d scores", len(answer.Scores))
	}
	return answer.Scores, err
}

// pairsOfSentences are n texts of two sentences that follow each other.
func pairsOfSentences(n int) (texts []string) {
	fits := func(s string) bool {
		words := len(strings.Fields(s))
		return words >= 10 && words <= 25
	}
	sentences := sentencesOf(alice, 100_000)
	for i := 0; i+1 < len(sentences) && len(texts) < n; i++ {
		if fits(sentences[i]) && fits(sentences[i+1]) {
			texts = append(texts, sentences[i]+" "+sentences[i+1])
			i++
		}
	}
	return texts
}
