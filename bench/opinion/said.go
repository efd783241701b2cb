package opinion

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Saying is a way to say the sentences.
type Saying struct {
	// Flags are those of `lectern say`.
	Flags []string
	// Extension is that of the file, which decides on the encoding; "" is wav.
	Extension string
	// Form is what is said of a sentence; nil is its text.
	Form func(Sentence) string
}

// atOnce is how many sentences are made and heard at a time.
const atOnce = 2

// ScoreSaying has all sentences said by a server and is the opinion of each.
func (l *Listener) ScoreSaying(ctx context.Context, server *Server, s Saying) ([]float64, error) {
	dir, err := os.MkdirTemp("", "lectern-opinion-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if s.Extension == "" {
		s.Extension = "wav"
	}
	sentences := Sentences()
	scores, errs := make([]float64, len(sentences)), make([]error, len(sentences))
	var running sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	for i, sentence := range sentences {
		turn <- struct{}{}
		running.Go(func() {
			defer func() { <-turn }()
			file := filepath.Join(dir, fmt.Sprintf("%d.%s", i, s.Extension))
			if errs[i] = server.Say(ctx, file, append(s.words(sentence), s.Flags...)...); errs[i] == nil {
				scores[i], errs[i] = l.scoreFile(ctx, file)
			}
		})
	}
	running.Wait()
	return scores, errors.Join(errs...)
}

func (s Saying) words(sentence Sentence) []string {
	if s.Form == nil {
		return []string{sentence.Text}
	}
	return []string{"--ssml", s.Form(sentence)}
}

// Mean is the mean of scores.
func Mean(scores []float64) float64 {
	sum := 0.0
	for _, x := range scores {
		sum += x
	}
	return sum / float64(len(scores))
}
