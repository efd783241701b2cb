package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/speech"
)

// neuralVoice is a neural voice that is measured.
type neuralVoice struct {
	item  string // as it is installed
	model string // what its worker is started for
	name  string // as the API lists it
	// beside is the kind of reference for it.
	beside string
	// speed and ratio are what it must reach on one core: seconds of sound for
	// each of CPU time, and the reference's time for the same texts.
	speed, ratio float64
	// first is how soon its first sound must be there; 0 goes by its first clause.
	first time.Duration
	// idle is how long its engine may work for a cancelled operation.
	idle time.Duration
	// texts and turns are how many sentences are spoken, and how often.
	texts, turns int
}

var (
	heart = neuralVoice{item: "heart", model: "hibari/heart", name: "Hibari-Heart", beside: "hibari",
		speed: 70, ratio: 1, first: 45 * time.Millisecond, idle: idleBar, texts: 12, turns: 15}
	joe = neuralVoice{item: "joe", model: "piper/joe", name: "Piper-Joe", beside: "piper",
		ratio: 1, first: 150 * time.Millisecond, idle: idleBar, texts: 6, turns: 7}
	kokoro = neuralVoice{item: "af_heart", model: "kokoro/kokoro", name: "Kokoro-AfHeart", beside: "kokoro",
		ratio: 1, idle: 150 * time.Millisecond, texts: 2, turns: 5}

	neuralVoices = []neuralVoice{heart, joe, kokoro}
)

// errMissing says that something is not there without which the lab can do, such
// as a voice that is not installed.
var errMissing = errors.New("not installed")

// command starts a voice's worker.
func (v neuralVoice) command(l *lab) worker.Command {
	return worker.Command{Path: l.binary("lectern-neural"), Args: []string{l.voices, v.model}, Env: plainEnvironment()}
}

// refer starts what a voice is measured beside.
func (v neuralVoice) refer(ctx context.Context, l *lab) (*reference, error) {
	if v.beside != "kokoro" {
		return l.refer(ctx, v.beside)
	}
	m, err := models.Find(l.voices, v.model)
	if err != nil {
		return nil, err
	}
	return l.refer(ctx, v.beside, m.Part(v.item, "model"), m.Part(v.item, "style"), l.dir)
}

// speaker is a voice's bare worker, with the one that reads for it, if it needs
// that: all of the work on a sentence, without a server.
type speaker struct {
	worker, reader *worker.Process
	voice, by      string
	rate           int
}

// speaker starts the workers of a voice. errMissing says that it is not installed.
func (v neuralVoice) speaker(ctx context.Context, l *lab) (s *speaker, err error) {
	if _, err := os.Stat(filepath.Join(l.voices, v.item)); err != nil {
		return nil, fmt.Errorf("%w: the voice %s (lectern voices install)", errMissing, v.item)
	}
	s = &speaker{voice: v.item}
	if s.worker, err = worker.Start(ctx, v.command(l), worker.Options{Memory: -1}); err != nil {
		return nil, err
	}
	for _, known := range s.worker.Info().Voices {
		if known.EngineName == v.item {
			s.rate = known.NaturalSampleRateHertz
		}
	}
	if s.by = s.worker.Info().AbilitiesOf(v.item).TranscribedBy; s.by != "" {
		s.reader, err = worker.Start(ctx, worker.Command{Path: l.binary("lectern-espeak"), Env: plainEnvironment()}, worker.Options{})
	}
	if err == nil {
		err = s.say(ctx, "Is there anybody in?", nowhere{}) // warm
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("%s: %w", v.item, err)
	}
	return s, nil
}

func (s *speaker) close() {
	s.worker.Close()
	if s.reader != nil {
		s.reader.Close()
	}
}

// say speaks a text.
func (s *speaker) say(ctx context.Context, text string, sink driver.Sink) (err error) {
	u := speech.Utterance{Text: text, Voice: s.voice}
	if s.by != "" {
		asked := u
		asked.Voice = s.by
		if u.Transcribed, err = s.reader.Transcribe(ctx, asked); err != nil {
			return err
		}
	}
	return s.worker.Speak(ctx, u, sink)
}

// used is the CPU time of the workers so far, and of what they started.
func (s *speaker) used() time.Duration {
	used := treeTime(s.worker.PID())
	if s.reader != nil {
		used += treeTime(s.reader.PID())
	}
	return used
}

// ear is a sink that counts, and keeps if it is told to.
type ear struct {
	frames int
	first  time.Time
	keep   bool
	kept   []float32
}

func (e *ear) Audio(frames []int16) error {
	if e.frames == 0 {
		e.first = time.Now()
	}
	e.frames += len(frames)
	if e.keep {
		for _, x := range frames {
			e.kept = append(e.kept, float32(x)/(1<<15))
		}
	}
	return nil
}

func (*ear) Event(driver.Event) error { return nil }

// eachVoice measures every neural voice. Of one that is not there, or does not
// speak, a row says so.
func eachVoice(l *lab, what string, voices []neuralVoice, take func(neuralVoice) ([]row, error)) (rows []row, err error) {
	for _, v := range voices {
		some, err := take(v)
		switch {
		case errors.Is(err, errMissing):
			some = append(some, row{name: what + ", " + v.name, measured: firstLine(err.Error()), verdict: skipped})
		case err != nil:
			return append(rows, some...), fmt.Errorf("%s: %w", v.item, err)
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// installed is what of voices there is.
func (l *lab) installed(voices ...neuralVoice) (there []neuralVoice) {
	for _, v := range voices {
		if _, err := os.Stat(filepath.Join(l.voices, v.item)); err == nil {
			there = append(there, v)
		}
	}
	return there
}

// sentencesOfWords are sentences of the book with so many words, n at most.
func sentencesOfWords(words, n int) (texts []string) {
	for _, text := range sentencesOf(alice, 100_000) {
		if len(strings.Fields(text)) == words && len(texts) < n {
			texts = append(texts, text)
		}
	}
	return texts
}
