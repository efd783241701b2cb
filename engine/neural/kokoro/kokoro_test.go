package kokoro

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/kokoro/kokorotest"
	"github.com/lectern/lectern/engine/neural/kokoro/voicefile"
	"github.com/lectern/lectern/engine/neural/onnx/onnxtest"
	"github.com/lectern/lectern/internal/needs"
)

type sink struct {
	durations []int
	samples   []float32
	refuse    error
	taken     func()
}

func (s *sink) Durations(samples []int) error {
	s.durations = slices.Clone(samples)
	return nil
}

func (s *sink) Audio(samples []float32) error {
	s.samples = append(s.samples, samples...)
	if s.taken != nil {
		s.taken()
	}
	return s.refuse
}

var vocab = map[rune]int64{'a': 3, 'b': 1, 'c': 2000}

// tiny is the network of package kokorotest, in a style whose row n says n+1.
func tiny(t *testing.T) *Model {
	t.Helper()
	onnxtest.Open(t)
	dir := t.TempDir()
	network, style := filepath.Join(dir, "k.onnx"), filepath.Join(dir, "s.bin")
	rows := make([]byte, 4*voicefile.Rows*voicefile.Width)
	for row := range voicefile.Rows {
		binary.LittleEndian.PutUint32(rows[4*voicefile.Width*row:], math.Float32bits(float32(row+1)))
	}
	for path, data := range map[string][]byte{network: kokorotest.Network("tokens").Bytes(), style: rows} {
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := voicefile.Prepare(network, dir); err != nil {
		t.Fatal(err)
	}
	return open(t, dir, style, vocab)
}

func open(t testing.TB, dir, style string, vocab map[rune]int64) *Model {
	t.Helper()
	n, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := n.Open(style, vocab)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestSpeak(t *testing.T) {
	m := tiny(t)
	s := &sink{}
	if err := m.Speak(t.Context(), acoustic.Input{Phonemes: []rune("aba"), Speed: 1}, s); err != nil {
		t.Fatal(err)
	}
	// The silence before and after are tokens of their own, of one frame here.
	if want := []int{6, 18, 6, 18, 6}; !slices.Equal(s.durations, want) || len(s.samples) != 54 {
		t.Errorf("durations %v of %d samples, not %v", s.durations, len(s.samples), want)
	}
	// Three phonemes have the third row.
	if s.samples[10] != 30 {
		t.Errorf("the style's row is %g", s.samples[10]/10)
	}
	stop := errors.New("stop")
	long := acoustic.Input{Phonemes: []rune("ccc"), Speed: 1}
	if err := m.Speak(t.Context(), long, &sink{refuse: stop}); err != stop {
		t.Errorf("a sink that refuses: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	s = &sink{taken: func() { cancel(stop) }}
	if err := m.Speak(ctx, long, s); err != stop || len(s.samples) != piece {
		t.Errorf("stopped: %v after %d samples", err, len(s.samples))
	}
	for _, bad := range []acoustic.Input{{Speed: 1}, {Phonemes: make([]rune, m.MaxPhonemes()+1), Speed: 1}, {Phonemes: []rune("a")}, {Phonemes: []rune("z"), Speed: 1}} {
		if err := m.Speak(t.Context(), bad, &sink{}); err == nil {
			t.Errorf("%d phonemes at %g are no error", len(bad.Phonemes), bad.Speed)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, bad := range []struct {
		frames []float32
		n, all int
	}{{[]float32{1}, 2, 6}, {[]float32{1, 2}, 2, 7}, {[]float32{0, 0}, 2, 0}, {[]float32{-1, 2}, 2, 6}, {[]float32{float32(math.NaN()), 2}, 2, 6}} {
		if got, err := durations(bad.frames, bad.n, bad.all); err == nil {
			t.Errorf("%v of %d: %v", bad.frames, bad.all, got)
		}
	}
}

func TestLoad(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "install it again") {
		t.Errorf("an empty directory: %v", err)
	}
}

// words15 is a piece as long as a piece may be.
const words15 = "wˌɛn ðə kəmˈɪɾi fˈInəli mˈɛt ˌɔn ðə lˈæst dˈA ʌv ðə mˈʌnθ, nˈObɑdi kʊd ɹəmˈɛmbəɹ hu hæd"

func heart(t testing.TB) *Model {
	t.Helper()
	dir := needs.Voices(t, "kokoro", "af_heart", "english")
	onnxtest.Open(t)
	vocab, err := voicefile.ReadVocab(filepath.Join(dir, "english", "vocab.json"))
	if err != nil {
		t.Fatal(err)
	}
	return open(t, filepath.Join(dir, "kokoro"), filepath.Join(dir, "af_heart", "af_heart.bin"), vocab)
}

func TestHeart(t *testing.T) {
	m := heart(t)
	in := acoustic.Input{Phonemes: []rune("lˈɛkʧəɹ nˈun."), Speed: 1}
	var said [2]sink
	for i := range said {
		if err := m.Speak(t.Context(), in, &said[i]); err != nil {
			t.Fatal(err)
		}
	}
	sum := 0
	for _, d := range said[0].durations {
		sum += d
	}
	if n := len(said[0].samples); sum != n || len(said[0].durations) != len(in.Phonemes)+2 || n < sampleRate/2 || n > 3*sampleRate {
		t.Errorf("%d samples, durations of %d", n, sum)
	}
	if !slices.Equal(said[0].samples, said[1].samples) {
		t.Error("the same input gives other samples")
	}
}

func BenchmarkSpeak(b *testing.B) {
	m := heart(b)
	for _, n := range []int{27, 90} {
		b.Run(fmt.Sprint(n, "phonemes"), func(b *testing.B) {
			samples := 0
			for b.Loop() {
				s := &sink{}
				if err := m.Speak(context.Background(), acoustic.Input{Phonemes: []rune(words15)[:min(n, len([]rune(words15)))], Speed: 1}, s); err != nil {
					b.Fatal(err)
				}
				samples += len(s.samples)
			}
			b.ReportMetric(b.Elapsed().Seconds()*sampleRate/float64(samples), "RTF")
		})
	}
}

// BenchmarkStop is from the end of the context to that of Speak, at worst.
func BenchmarkStop(b *testing.B) {
	m := heart(b)
	stop := errors.New("stop")
	worst, at := time.Duration(0), time.Duration(0)
	for b.Loop() {
		at = (at + 237*time.Millisecond) % (2 * time.Second)
		ctx, cancel := context.WithCancelCause(context.Background())
		asked := make(chan time.Time, 1)
		time.AfterFunc(at, func() { asked <- time.Now(); cancel(stop) })
		if err := m.Speak(ctx, acoustic.Input{Phonemes: []rune(words15), Speed: 1}, &sink{}); err != stop {
			b.Fatal(err)
		}
		worst = max(worst, time.Since(<-asked))
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
}
