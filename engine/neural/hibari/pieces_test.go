package hibari

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/onnx/onnxtest"
	"github.com/lectern/lectern/internal/needs"
)

// recorder keeps what a model makes.
type recorder struct {
	durations []int
	samples   []float32
	onAudio   func()
}

func (r *recorder) Durations(samples []int) error { r.durations = samples; return nil }
func (r *recorder) Audio(samples []float32) error {
	r.samples = append(r.samples, samples...)
	if r.onAudio != nil {
		r.onAudio()
	}
	return nil
}

func open(t *testing.T) *Model {
	dir := needs.Voices(t, "heart", "english")
	onnxtest.Open(t)
	vocabulary, err := ReadVocabulary(filepath.Join(dir, "english", "vocab.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(filepath.Join(dir, "heart"), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

var phonemes = []string{
	"ɪz ðˈæt ɹˈiəli wˌʌt ju wˈɑntᵻd tə sˈA tə mˌi, ɔɹ wˌʌz ɪt sˈʌmθɪŋ ˈɛls ɪntˈIəɹli?",
	"jˈɛs.",
}

// TestPieces wants the sound in pieces to be what it is as a whole, up to what the
// network's numbers of 8 bits leave open.
func TestPieces(t *testing.T) {
	m := open(t)
	if !m.local {
		t.Fatal("the voice was not found to work in pieces")
	}
	for _, text := range phonemes {
		in := acoustic.Input{Phonemes: []rune(text), Speed: 1, Seed: 1}
		var pieces, whole recorder
		for local, r := range map[bool]*recorder{true: &pieces, false: &whole} {
			m.local = local
			if err := m.Speak(t.Context(), in, r); err != nil {
				t.Fatal(err)
			}
		}
		m.local = true
		all := 0
		for _, d := range pieces.durations {
			all += d
		}
		if len(pieces.samples) != len(whole.samples) || len(pieces.samples) != all {
			t.Fatalf("%d samples, %d as a whole, %d by their durations", len(pieces.samples), len(whole.samples), all)
		}
		var wrong, power float64
		for i, x := range whole.samples {
			wrong += math.Pow(float64(pieces.samples[i]-x), 2)
			power += math.Pow(float64(x), 2)
		}
		dB := 10 * math.Log10(power/wrong)
		t.Logf("%d samples: %.1f dB", all, dB)
		if dB < 22 {
			t.Errorf("the sound in pieces is only within %.1f dB of the whole", dB)
		}
	}
}

// TestCancelBetweenPieces stops before the second piece.
func TestCancelBetweenPieces(t *testing.T) {
	m := open(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	heard := recorder{onAudio: func() { cancel(stop) }}
	in := acoustic.Input{Phonemes: []rune(phonemes[0]), Speed: 1}
	if err := m.Speak(ctx, in, &heard); !errors.Is(err, stop) || len(heard.samples) > 3*block {
		t.Errorf("%d samples, then %v", len(heard.samples), err)
	}
	if err := m.Speak(t.Context(), in, &recorder{}); err != nil {
		t.Error(err)
	}
}

// TestNext wants every frame in one piece, and none too long or too short.
func TestNext(t *testing.T) {
	for last := 1; last < 3000; last++ {
		p := &pieces{model: &Model{local: true}, frames: last, last: last}
		for from, n := 0, 0; from < last; n++ {
			to := p.next(from)
			if to <= from || to > last || to-from > most {
				t.Fatalf("of %d frames, a piece from %d to %d", last, from, to)
			}
			if to-from < first && last >= first {
				t.Fatalf("of %d frames, a piece from %d to %d", last, from, to)
			}
			if n == 0 && last >= first+least && to != first {
				t.Fatalf("of %d frames, the first piece has %d", last, to)
			}
			from, p.begun = to, true
		}
	}
}
