// Package hibari speaks with the hibari voices: small networks that were taught by
// Kokoro-82M, which say for each frame of 12.5 ms what its spectrum is. Package
// vocoder makes sound of it, frame by frame, and the network makes the first
// frames by themselves, so that the first sound comes soon.
package hibari

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/hibari/voicefile"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/vocoder"
)

const (
	// samplesPerUnit is how many samples a duration of 1 lasts.
	samplesPerUnit = 600
	framesPerUnit  = samplesPerUnit / vocoder.Hop

	// maxPhonemes keeps what runs of the network at once small; whoever made the
	// voices cuts at 400.
	maxPhonemes = 250

	// early is by how many samples phonemes are heard before their durations say:
	// 62 ms, by a recogniser, and at half the speed a third more. Kokoro's own
	// program allows for it as well.
	early = 5 * samplesPerUnit / 2

	// leadUnits and trailUnits are how much of the near silence around an
	// utterance is made, of 350 and 180 ms. The first phoneme begins early, and
	// some, such as that of "three", up to 60 ms before even that; the last ends
	// early as well.
	leadUnits, trailUnits = 5, 4

	// block is how many samples are given at once, 50 ms.
	block = 1200
)

// Vocabulary are the numbers of phonemes, by what stands for them.
type Vocabulary map[rune]int64

// ReadVocabulary reads vocab.json, which the voices share with Kokoro's.
func ReadVocabulary(path string) (Vocabulary, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the vocabulary: %w", err)
	}
	var numbers map[string]int64
	if err := json.Unmarshal(text, &numbers); err != nil {
		return nil, fmt.Errorf("the vocabulary %s cannot be read: %w", path, err)
	}
	vocabulary := Vocabulary{}
	for name, number := range numbers {
		if runes := []rune(name); len(runes) == 1 {
			vocabulary[runes[0]] = number
		}
	}
	if len(vocabulary) == 0 {
		return nil, fmt.Errorf("the vocabulary %s is empty", path)
	}
	return vocabulary, nil
}

// Model is one voice.
type Model struct {
	text, sound *onnx.Session
	local       bool
	vocabulary  Vocabulary
	vocoder     *vocoder.Vocoder
	samples     [block]float32
	window      []float32 // of features, reused
	rows        []float32 // of a piece, reused
}

var _ acoustic.Model = (*Model)(nil)

// Open opens a voice that [voicefile.Prepare] has made in dir. ONNX Runtime must
// be open.
func Open(dir string, vocabulary Vocabulary) (*Model, error) {
	parts, err := voicefile.ReadParts(dir)
	if err != nil {
		return nil, err
	}
	text, err := onnx.Load(filepath.Join(dir, voicefile.NetworkFile), []string{"ids", "speed"}, []string{parts.Durations, "f0", parts.Features})
	if err != nil {
		return nil, err
	}
	sound, err := onnx.Load(filepath.Join(dir, voicefile.SoundFile), []string{parts.Features}, []string{parts.Rows})
	if err != nil {
		return nil, errors.Join(err, text.Close())
	}
	return &Model{text: text, sound: sound, local: parts.Local, vocabulary: vocabulary, vocoder: vocoder.New()}, nil
}

// SampleRate is 24,000 Hz.
func (m *Model) SampleRate() int { return vocoder.SampleRate }

// MaxPhonemes is 250, about 45 words.
func (m *Model) MaxPhonemes() int { return maxPhonemes }

// Whole is false: the sound comes in blocks.
func (m *Model) Whole() bool { return false }

// Knows reports whether the vocabulary has a phoneme.
func (m *Model) Knows(phoneme rune) bool {
	_, ok := m.vocabulary[phoneme]
	return ok
}

// Close frees the network.
func (m *Model) Close() error { return errors.Join(m.text.Close(), m.sound.Close()) }

// Speak speaks in, as acoustic.Model says.
func (m *Model) Speak(ctx context.Context, in acoustic.Input, sink acoustic.Sink) error {
	ids := make([]int64, 0, len(in.Phonemes)+2)
	ids = append(ids, 0)
	for _, phoneme := range in.Phonemes {
		ids = append(ids, m.vocabulary[phoneme])
	}
	ids = append(ids, 0)
	out, err := m.text.Run(ctx, onnx.Tensor(ids, 1, int64(len(ids))), onnx.Tensor([]float32{float32(in.Speed)}, 1))
	if err != nil {
		return err
	}
	defer out.Close()

	units, _ := out.Floats(0)
	if len(units) != len(ids) {
		return fmt.Errorf("the network gave %d durations for %d phonemes", len(units), len(in.Phonemes))
	}
	durations, total := make([]int, len(units)), 0
	for i, u := range units {
		durations[i] = int(u)
		total += durations[i]
	}
	// What is left out at the ends was never there for whoever listens.
	lead := max(0, durations[0]-leadUnits)
	trail := max(0, durations[len(durations)-1]-trailUnits)
	durations[0] -= lead
	durations[len(durations)-1] -= trail
	for i := range durations {
		durations[i] *= samplesPerUnit
	}
	ahead := min(int(early/min(1, (1+in.Speed)/2)), durations[0])
	durations[0] -= ahead
	durations[len(durations)-1] += ahead
	if err := sink.Durations(durations); err != nil {
		return err
	}

	pitch, _ := out.Floats(1)
	features, shape := out.Floats(2)
	if frames := total * framesPerUnit; len(pitch) != frames || frames == 0 || len(features)%frames != 0 || len(shape) != 3 || shape[2] != int64(frames) {
		return fmt.Errorf("the network gave %d pitches and features of %v for %d frames", len(pitch), shape, frames)
	}
	end := (total - trail) * framesPerUnit
	if in.Pitch != 0 && in.Pitch != 1 {
		if pitch, features, err = shifted(pitch, features, in.Pitch); err != nil {
			return err
		}
	}
	p := &pieces{model: m, ctx: ctx, features: features, frames: len(pitch), last: min(len(pitch), end+vocoder.Behind)}
	m.vocoder.Start(vocoder.Spectrum{PitchHertz: pitch, Rows: p.rows}, in.Seed, lead*framesPerUnit, end)
	return m.give(ctx, sink)
}

// give reads the vocoder to its end.
func (m *Model) give(ctx context.Context, sink acoustic.Sink) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n, err := m.vocoder.Read(m.samples[:])
		if n > 0 {
			if err := sink.Audio(m.samples[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
