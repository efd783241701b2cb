package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/bench/opinion"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/listener"
	"github.com/lectern/lectern/internal/voicestore"
)

// pageVoice is a voice with a row of its own in docs/voices.md.
type pageVoice struct {
	neuralVoice
	// item is also the voice of a worker that has its voices built in, program.
	program         string
	licence, engine string // of those
}

var pageVoices = []pageVoice{
	{neuralVoice: heart},
	{neuralVoice: kokoro},
	{neuralVoice: neuralVoice{item: "am_michael", model: kokoro.model, name: "Kokoro-AmMichael"}},
	{neuralVoice: joe},
	{neuralVoice: neuralVoice{item: "slt", name: fliteSlow}, program: "lectern-flite", engine: "flite", licence: "MIT-Festival"},
	{neuralVoice: neuralVoice{item: "en-us", name: "Espeak-1"}, program: "lectern-espeak", engine: "espeak-ng", licence: "GPL-3.0-or-later"},
}

// The table of a page stands between these lines.
const tableBegin, tableEnd = "<!-- the table -->", "<!-- the end of the table -->"

const pageHead = `| voice | install | engine | licence | size | natural | misheard: digits, orders | speed on one core | memory of a worker |
|---|---|---|---|---|---|---|---|---|
`

// writeVoices measures the voices and puts their table into a page. network is that
// of the predicted listener; without it that column is empty.
//
// Method: speed, as neuralSpeed's, over 6 sentences of 15 words, 3 times; memory,
// VmHWM of the worker behind an utterance of 64 words; misheard, the share of words
// that a recogniser with a grammar gets wrong in the 20 numbers and 50 orders of
// package listener; natural, the mean opinion of 20 sentences of package opinion.
func writeVoices(ctx context.Context, l *lab, page, network string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), tableBegin+"\n")
	_, after, ends := strings.Cut(rest, tableEnd)
	if !begins || !ends {
		return fmt.Errorf("%s has no table between %q and %q", page, tableBegin, tableEnd)
	}
	t, err := l.tester(ctx, network)
	if err != nil {
		return err
	}
	defer t.close()
	rows := []string{}
	for _, v := range pageVoices {
		row, err := v.row(ctx, l, t)
		if err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		l.logf("%s", row)
		rows = append(rows, row+"\n")
	}
	return os.WriteFile(page, []byte(before+tableBegin+"\n"+pageHead+strings.Join(rows, "")+tableEnd+after), 0o644)
}

func (v pageVoice) row(ctx context.Context, l *lab, t *tester) (string, error) {
	full := "en-US-" + v.name
	install, engine, licence, size := "built in", v.engine, v.licence, "in the program"
	if v.program == "" {
		item, err := voicestore.Read(l.voices, v.item)
		if err != nil {
			return "", err
		}
		install, engine, licence = "`"+v.item+"`", item.Engine, item.Licence
		if size, err = sizeOf(l.voices, item); err != nil {
			return "", err
		}
	}
	s, err := v.start(ctx, l)
	if err != nil {
		return "", err
	}
	defer s.close()
	speed, err := speedAlone(ctx, s)
	if err != nil {
		return "", err
	}
	if err := s.say(ctx, wordsOfBook(64), nowhere{}); err != nil {
		return "", err
	}
	peak, err := memory(s.worker.PID(), "VmHWM")
	if err != nil {
		return "", err
	}
	digits, err := misheard(ctx, l, s, listener.Digits, listener.Numbers())
	if err != nil {
		return "", err
	}
	orders, err := misheard(ctx, l, s, listener.Commands, listener.Orders())
	if err != nil {
		return "", err
	}
	natural, err := t.opinion(ctx, full)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s | %.1f %%, %.1f %% | %.3g x real time | %s |",
		full, install, engine, licence, size, natural, 100*digits, 100*orders, speed, megabytes(peak)), nil
}

// start starts the voice's worker, and the one that reads for it.
func (v pageVoice) start(ctx context.Context, l *lab) (*speaker, error) {
	if v.program == "" {
		return v.speaker(ctx, l)
	}
	w, err := worker.Start(ctx, worker.Command{Path: l.binary(v.program), Env: plainEnvironment()}, worker.Options{})
	if err != nil {
		return nil, err
	}
	s := &speaker{worker: w}
	for _, known := range w.Info().Voices {
		if strings.HasSuffix(known.Name, v.name) {
			s.voice, s.rate = known.EngineName, known.NaturalSampleRateHertz
		}
	}
	if s.voice == "" {
		s.close()
		return nil, fmt.Errorf("%s has no such voice", v.program)
	}
	return s, nil
}

// speedAlone is seconds of sound for each of CPU time.
func speedAlone(ctx context.Context, s *speaker) (float64, error) {
	var all sums
	for turn := range 4 {
		for i, text := range sentencesOfWords(15, 6) {
			before := s.used()
			var heard ear
			if err := s.say(ctx, text, &heard); err != nil {
				return 0, err
			}
			all.add(turn, i, s.used()-before, float64(heard.frames)/float64(s.rate))
		}
	}
	used, sound := all.medians()
	return sound / used, nil
}

// misheard is the share of words that are not heard as they were said.
func misheard(ctx context.Context, l *lab, s *speaker, grammar listener.Grammar, texts []string) (float64, error) {
	var files []string
	for i, text := range texts {
		heard := ear{keep: true}
		if err := s.say(ctx, text+".", &heard); err != nil {
			return 0, err
		}
		files = append(files, filepath.Join(l.dir, fmt.Sprintf("heard-%d.wav", i)))
		if err := writeWAV(files[i], s.rate, heard.kept); err != nil {
			return 0, err
		}
		defer os.Remove(files[i])
	}
	words, err := listener.Hear(ctx, grammar, files...)
	if err != nil {
		return 0, err
	}
	wrong, all := 0, 0
	for i, text := range texts {
		errors, n := listener.Errors(text, listener.Text(words[i]))
		wrong, all = wrong+errors, all+n
	}
	return float64(wrong) / float64(all), nil
}

// sizeOf tells what an item takes, and what those take that it needs.
func sizeOf(dir string, item voicestore.Item) (string, error) {
	sizes := []string{megabytes(item.Size())}
	for _, name := range item.Needs {
		if name == "onnxruntime" { // all need it
			continue
		}
		needed, err := voicestore.Read(dir, name)
		if err != nil {
			return "", err
		}
		sizes = append(sizes, name+" "+megabytes(needed.Size()))
	}
	return strings.Join(sizes, " + "), nil
}

func wordsOfBook(n int) string {
	return strings.Join(strings.Fields(strings.Join(sentencesOf(alice, 100), " "))[:n], " ")
}

// tester is a predicted listener with a server that speaks to it; none has no opinion.
type tester struct {
	listener *opinion.Listener
	server   *opinion.Server
}

func (l *lab) tester(ctx context.Context, network string) (*tester, error) {
	if network == "" {
		return &tester{}, nil
	}
	heard, err := opinion.Open(filepath.Join(l.voices, "onnxruntime", "libonnxruntime.so"), network)
	if err != nil {
		return nil, err
	}
	server, err := opinion.Serve(ctx, l.bin, l.voices)
	if err != nil {
		return nil, errors.Join(err, heard.Close())
	}
	return &tester{heard, server}, nil
}

func (t *tester) close() {
	if t.listener != nil {
		t.server.Close()
		t.listener.Close()
	}
}

func (t *tester) opinion(ctx context.Context, voice string) (string, error) {
	if t.listener == nil {
		return "", nil
	}
	scores, err := t.listener.ScoreSaying(ctx, t.server, opinion.Saying{Flags: []string{"--voice", voice}})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%.2f", opinion.Mean(scores)), nil
}
