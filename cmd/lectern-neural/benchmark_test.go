package main

import (
	"testing"
	"time"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/speech"
)

var sentences = []string{
	"The old lighthouse keeper climbed the narrow stairs every evening to light the great lamp himself.",
	"She had written him a long letter, but never found the courage to put it in the post.",
	"When the rain finally stopped, the children ran outside and jumped into every puddle they could find.",
}

func BenchmarkHeart(b *testing.B) {
	e, err := open(needs.Voices(b, "heart"), "hibari/heart")
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	frames := 0
	var first time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		heard := enginetest.Recorder{}
		got := false
		heard.OnAudio = func([]int16) error {
			if !got {
				first += time.Since(began)
				got = true
			}
			return nil
		}
		if err := e.Speak(b.Context(), speech.Utterance{Text: sentences[i%len(sentences)], Voice: "heart"}, &heard); err != nil {
			b.Fatal(err)
		}
		frames += len(heard.Frames)
	}
	b.ReportMetric(float64(frames)/24000/b.Elapsed().Seconds(), "x")
	b.ReportMetric(first.Seconds()*1000/float64(b.N), "ms-first")
}
