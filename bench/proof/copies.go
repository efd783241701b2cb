package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/textnorm"
)

// copies is what the same bytes every time cost on espeak-ng, of which each
// utterance is spoken in a copy of a process. What depends on it is judged after
// it is allowed for.
//
// Method: the first 1,000 sentences of the book (200 with -quick) by a bare
// worker, and by one that was built to speak in place instead
// (LECTERN_WITHOUT_COPIES in engine/espeak/core.c), in turn, five times (twice);
// the difference of the medians of their CPU times, which include those of all
// processes below, for each sentence.
func copies(ctx context.Context, l *lab) ([]row, error) {
	with, without, err := l.copyCost(ctx)
	if err != nil {
		return nil, err
	}
	return []row{{
		name:      "espeak-ng, the same bytes every time: CPU time of a sentence",
		measured:  fmt.Sprintf("%s, %s of them for the copy of a process", millis(with), millis(with-without)),
		reference: "spoken in place: " + millis(without),
		ratio:     ratio(with.Seconds(), without.Seconds()),
		verdict:   note,
	}}, nil
}

// copyCost is the CPU time of a sentence with a copy and without. It is measured
// once in a run.
func (l *lab) copyCost(ctx context.Context) (with, without time.Duration, err error) {
	if l.copied != [2]time.Duration{} {
		return l.copied[0], l.copied[1], nil
	}
	inPlace, err := l.buildInPlace(ctx)
	if err != nil {
		return 0, 0, err
	}
	texts := sentencesOf(book(bookBytes), l.count(1000, 200))
	var times [2]durations
	for range l.count(5, 2) {
		for i, path := range []string{l.binary("lectern-espeak"), inPlace} {
			t, err := timeOfSentences(ctx, path, texts)
			if err != nil {
				return 0, 0, err
			}
			times[i] = append(times[i], t/time.Duration(len(texts)))
		}
	}
	l.copied = [2]time.Duration{times[0].median(), times[1].median()}
	l.logf("copies: a sentence %s; in place %s", times[0], times[1])
	return l.copied[0], l.copied[1], nil
}

// bookCost is what the copies cost for a whole text.
func (l *lab) bookCost(ctx context.Context, text string) (time.Duration, error) {
	with, without, err := l.copyCost(ctx)
	return max(0, with-without) * time.Duration(len(sentencesOf(text, len(text)))), err
}

func (l *lab) buildInPlace(ctx context.Context) (string, error) {
	path := filepath.Join(l.dir, "lectern-espeak-in-place")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/lectern-espeak")
	build.Env = append(os.Environ(), "CGO_CFLAGS=-O2 -g -DLECTERN_WITHOUT_COPIES")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, said)
	}
	return path, nil
}

// timeOfSentences is the CPU time that a worker takes for texts.
func timeOfSentences(ctx context.Context, path string, texts []string) (time.Duration, error) {
	bare, err := newBareWorkers(ctx, worker.Command{Path: path}, worker.Options{}, espeak+"-1", texts, 1)
	if err != nil {
		return 0, err
	}
	defer bare.close()
	speak := func(text string) error {
		return bare.workers[0].Speak(ctx, speech.Utterance{Text: text, Voice: bare.voice, Patient: true}, nowhere{})
	}
	if err := speak(texts[0]); err != nil { // loads the voice
		return 0, err
	}
	w := newWatch(os.Getpid())
	for _, text := range texts {
		if err := speak(text); err != nil {
			return 0, err
		}
	}
	return w.now() - w.first, nil
}

// sentencesOf are the first sentences of a text, n at most, as an engine is
// given them.
func sentencesOf(text string, n int) []string {
	var texts []string
	for s := range textnorm.Sentences(text, 0) {
		if clean := textnorm.Clean(strings.TrimSpace(s.Of(text))).Text; textnorm.Speakable(clean) {
			texts = append(texts, clean)
		}
		if len(texts) == n {
			break
		}
	}
	return texts
}
