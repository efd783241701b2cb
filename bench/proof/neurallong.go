package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/lectern/lectern/audio"
)

// neuralLong is a long text by heart to OGG_OPUS.
//
// Method: 1 MB of text (100 kB with -quick) on a fresh server, once; wall time from
// the call to the answer that says done. The reference is the CPU time of the
// stages alone, divided by the cores: that of a bare worker for 400 sentences (100)
// spread over the text, half of them spoken before and half behind the run, taken
// for as many bytes as the text's sentences have; and that of encoding so much sound
// as the object holds, at the speed that these sentences are encoded with. The
// memory of the server is VmHWM and the largest VmRSS, that of a worker the VmHWM
// of the largest.
func neuralLong(ctx context.Context, l *lab) ([]row, error) {
	return eachVoice(l, "long text", []neuralVoice{heart}, func(v neuralVoice) ([]row, error) { return longBy(ctx, l, v) })
}

func longBy(ctx context.Context, l *lab, v neuralVoice) ([]row, error) {
	const encoding = "OGG_OPUS"
	text := book(l.count(bookBytes, 100_000))
	sentences := sentencesOf(text, len(text))
	spread := spreadOver(sentences, l.count(400, 100))

	alone, err := newAlone(ctx, l, v)
	if err != nil {
		return nil, err
	}
	defer alone.speaker.close()
	if err := alone.say(ctx, spread[:len(spread)/2]); err != nil {
		return nil, err
	}
	s, err := l.freshWith(ctx, "long", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	var length float64
	f, err := longOn(ctx, s, v.name, text, encoding, func(name string) (size int64, err error) {
		size, length, err = probe(ctx, name, false)
		return size, err
	})
	if err != nil {
		return nil, err
	}
	if err := alone.say(ctx, spread[len(spread)/2:]); err != nil {
		return nil, err
	}
	encoded, err := encodeSpeed(encoding, audio.Buffer{Rate: audio.SampleRate(alone.speaker.rate), Samples: alone.heard.kept})
	if err != nil {
		return nil, err
	}
	bytes := 0
	for _, sentence := range sentences {
		bytes += len(sentence)
	}
	cores := time.Duration(runtime.NumCPU())
	speaking := time.Duration(float64(alone.used) * float64(bytes) / float64(alone.bytes))
	writing := time.Duration(length / encoded * float64(time.Second))
	least := (speaking + writing) / cores
	l.logf("long, %s: wall %s for %.0f s of sound in %s; CPU time: server %s, its workers %s; bare worker %s, encoding %s; VmHWM %s, of a worker %s",
		v.name, millis(f.wall), length, megabytes(f.bytes), millis(f.server), millis(f.workers), millis(speaking), millis(writing), megabytes(f.peak), megabytes(f.worker))
	const wallBar, memoryBar, workerBar = 1.25, 150e6, 300e6
	x := f.wall.Seconds() / least.Seconds()
	size := megabytes(int64(len(text)))
	return []row{
		{
			name:      fmt.Sprintf("%s of text by %s to %s, wall time", size, v.name, encoding),
			bar:       fmt.Sprintf("<= %.2f x (CPU times of bare workers and of encoding alone / %d cores)", wallBar, cores),
			measured:  fmt.Sprintf("%s for %.1f hours of sound", millis(f.wall), length/3600),
			reference: millis(least), ratio: fmt.Sprintf("%.2f", x), verdict: judge(x <= wallBar),
		},
		{
			name:     fmt.Sprintf("%s of text by %s to %s, memory", size, v.name, encoding),
			bar:      fmt.Sprintf("server <= %s, a worker <= %s", megabytes(memoryBar), megabytes(workerBar)),
			measured: fmt.Sprintf("server: VmHWM %s, largest VmRSS %s; worker: VmHWM %s", megabytes(f.peak), megabytes(f.largest), megabytes(f.worker)),
			verdict:  judge(max(f.peak, f.largest) <= memoryBar, f.worker <= workerBar),
		},
	}, nil
}

// alone is what sentences cost that a bare worker speaks.
type alone struct {
	speaker *speaker
	used    time.Duration
	bytes   int
	heard   ear
}

func newAlone(ctx context.Context, l *lab, v neuralVoice) (*alone, error) {
	s, err := v.speaker(ctx, l)
	return &alone{speaker: s, heard: ear{keep: true}}, err
}

func (a *alone) say(ctx context.Context, texts []string) error {
	before := a.speaker.used()
	for _, text := range texts {
		if err := a.speaker.say(ctx, text, &a.heard); err != nil {
			return err
		}
		a.bytes += len(text)
	}
	a.used += a.speaker.used() - before
	return nil
}

// spreadOver are n of texts, from all parts alike, those of even places first.
func spreadOver(texts []string, n int) (spread []string) {
	n = min(n, len(texts))
	for _, from := range []int{0, 1} {
		for i := from; i < n; i += 2 {
			spread = append(spread, texts[i*len(texts)/n])
		}
	}
	return spread
}
