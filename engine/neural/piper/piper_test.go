package piper

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/onnx/onnxtest"
	"github.com/lectern/lectern/engine/neural/piper/pipertest"
	"github.com/lectern/lectern/engine/neural/piper/voicefile"
)

// sink takes a speech.
type sink struct {
	durations []int
	samples   []float32
	pieces    int
	refuse    error // of the second piece
	taken     func()
}

func (s *sink) Durations(samples []int) error {
	s.durations = slices.Clone(samples)
	return nil
}

func (s *sink) Audio(samples []float32) error {
	s.samples = append(s.samples, samples...)
	if s.pieces++; s.pieces == 2 && s.refuse != nil {
		return s.refuse
	}
	if s.taken != nil {
		s.taken()
	}
	return nil
}

// tiny opens the voice of package pipertest; change changes its description.
func tiny(t testing.TB, speakers, speaker int, change func(*voicefile.Config)) *Model {
	t.Helper()
	onnxtest.Open(t)
	dir := t.TempDir()
	network, description := filepath.Join(dir, "v.onnx"), filepath.Join(dir, "v.onnx.json")
	for path, data := range map[string][]byte{network: pipertest.Voice(speakers).Bytes(), description: []byte(pipertest.Config(speakers))} {
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := voicefile.Prepare(network, dir); err != nil {
		t.Fatal(err)
	}
	config, err := voicefile.ReadConfig(description)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(config)
	}
	m, err := Open(dir, config, speaker)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func silent(c *voicefile.Config) { c.NoiseScale, c.NoiseW = 0, 0 }

var longText = []rune(strings.Repeat("abcaɪ", 40))

func speak(t testing.TB, m *Model, in acoustic.Input) *sink {
	t.Helper()
	s := &sink{}
	if err := m.Speak(t.Context(), in, s); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, d := range s.durations {
		sum += d
	}
	if len(s.durations) != len(in.Phonemes)+2 || sum != len(s.samples) {
		t.Fatalf("%d durations of %d samples for %d phonemes and %d samples", len(s.durations), sum, len(in.Phonemes), len(s.samples))
	}
	return s
}

// Without noise, the parts in pieces make what the whole network makes at once.
func TestAsTheWhole(t *testing.T) {
	for _, speakers := range []int{1, 3} {
		m := tiny(t, speakers, speakers-1, silent)
		ids, _ := m.number(longText)
		names := []string{"input", "input_lengths", "scales"}
		given := []onnx.Input{onnx.Tensor(ids, 1, int64(len(ids))), onnx.Tensor([]int64{int64(len(ids))}, 1), onnx.Tensor([]float32{0, 0.5, 0}, 3)}
		if speakers > 1 {
			names, given = append(names, "sid"), append(given, onnx.Tensor([]int64{2}, 1))
		}
		whole := onnxtest.Run(t, pipertest.Voice(speakers).Bytes(), names, []string{"output"}, given...)[0]
		s := speak(t, m, acoustic.Input{Phonemes: longText, Speed: 2})
		if len(s.samples) != len(whole) || s.pieces < 3 {
			t.Fatalf("%d samples in %d pieces, the whole %d", len(s.samples), s.pieces, len(whole))
		}
		for i := range whole {
			if math.Abs(float64(whole[i]-s.samples[i])) > 1e-6 {
				t.Fatalf("%d speakers: sample %d of %d is %g, in the whole %g", speakers, i, len(whole), s.samples[i], whole[i])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	m := tiny(t, 1, 0, nil)
	ids, owner := m.number([]rune("caɪb"))
	if want := []int64{1, 0, 5, 6, 0, 7, 0, 4, 0, 2}; !slices.Equal(ids, want) {
		t.Errorf("ids %v, not %v", ids, want)
	}
	// ɪ is one with the a before it.
	if want := []int{0, 0, 1, 1, 1, 2, 2, 4, 4, 5}; !slices.Equal(owner, want) {
		t.Errorf("owners %v, not %v", owner, want)
	}
	if !m.Knows('ɪ') || m.Knows('z') || m.Knows('^') || m.Knows('_') {
		t.Error("it does not know what it should")
	}
}

func TestNoise(t *testing.T) {
	m := tiny(t, 1, 0, nil)
	in := acoustic.Input{Phonemes: longText, Speed: 1, Seed: 7}
	first := speak(t, m, in)
	speak(t, m, acoustic.Input{Phonemes: longText[:9], Speed: 0.5, Seed: 8})
	if again := speak(t, m, in); !slices.Equal(again.samples, first.samples) || !slices.Equal(again.durations, first.durations) {
		t.Error("the same input gives other samples")
	}
	m.last, m.ahead = pieces{5, 20}, pieces{3, 11}
	other := speak(t, m, in)
	if !slices.Equal(other.durations, first.durations) {
		t.Fatal("in other pieces it lasts otherwise")
	}
	for i, v := range first.samples {
		if math.Abs(float64(v-other.samples[i])) > 1e-6 {
			t.Fatalf("in other pieces sample %d is %g, not %g", i, other.samples[i], v)
		}
	}
	in.Seed++
	if slices.Equal(speak(t, m, in).samples, first.samples) {
		t.Error("another seed gives the same samples")
	}
	three := []*sink{}
	for speaker := range 3 {
		three = append(three, speak(t, tiny(t, 3, speaker, silent), in))
	}
	if slices.Equal(three[0].samples, three[1].samples) || slices.Equal(three[1].samples, three[2].samples) {
		t.Error("two speakers sound the same")
	}
}

func TestWhiteNoise(t *testing.T) {
	n := newNoise(1, soundNoise)
	var sum, squares, neighbours, last float64
	frame := make([]float32, 191)
	const frames = 500
	for i := range frames {
		n.fill(frame, i)
		for _, v := range frame {
			v := float64(v)
			sum, squares, neighbours, last = sum+v, squares+v*v, neighbours+v*last, v
		}
	}
	count := float64(frames * len(frame))
	if mean, variance, next := sum/count, squares/count, neighbours/count; math.Abs(mean) > 0.02 || math.Abs(variance-1) > 0.03 || math.Abs(next) > 0.02 {
		t.Errorf("mean %g, variance %g, with the neighbour %g", mean, variance, next)
	}
}

func TestStops(t *testing.T) {
	m := tiny(t, 1, 0, nil)
	in := acoustic.Input{Phonemes: longText, Speed: 1, Seed: 7}
	want := speak(t, m, in)
	refused := errors.New("no more")
	if err := m.Speak(t.Context(), in, &sink{refuse: refused}); err != refused {
		t.Errorf("a sink that refuses: %v", err)
	}
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	s := &sink{taken: func() { cancel(stopped) }}
	if err := m.Speak(ctx, in, s); err != stopped || s.pieces != 1 {
		t.Errorf("stopped: %v after %d pieces", err, s.pieces)
	}
	if again := speak(t, m, in); !slices.Equal(again.samples, want.samples) {
		t.Error("after it was stopped it speaks otherwise")
	}
	for _, bad := range []acoustic.Input{{Speed: 1}, {Phonemes: make([]rune, m.MaxPhonemes()+1), Speed: 1}, {Phonemes: []rune("a")}, {Phonemes: []rune("a"), Speed: math.NaN()}} {
		if err := m.Speak(t.Context(), bad, &sink{}); err == nil {
			t.Errorf("%d phonemes at %g are no error", len(bad.Phonemes), bad.Speed)
		}
	}
}

func TestOpen(t *testing.T) {
	onnxtest.Open(t)
	config := &voicefile.Config{Speakers: 1}
	if _, err := Open(t.TempDir(), config, 0); err == nil || !strings.Contains(err.Error(), "install it again") {
		t.Errorf("an empty directory: %v", err)
	}
	dir := t.TempDir()
	network := filepath.Join(dir, "v.onnx")
	if err := os.WriteFile(network, pipertest.Voice(1).Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := voicefile.Prepare(network, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, config, 1); err == nil {
		t.Error("a speaker that the voice does not have is no error")
	}
	if err := os.Truncate(filepath.Join(dir, "sound1.onnx"), 20); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, config, 0); err == nil || !strings.Contains(err.Error(), "sound1.onnx") {
		t.Errorf("a part that is cut short: %v", err)
	}
}
