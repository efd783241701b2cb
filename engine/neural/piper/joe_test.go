package piper

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/onnx/onnxtest"
	"github.com/lectern/lectern/engine/neural/piper/voicefile"
	"github.com/lectern/lectern/internal/needs"
)

// What espeak-ng makes of 5, 15 and 64 words.
const (
	words5  = `ðə lˈɛktʃɚ stˈɑːɹts æt nˈuːn.`
	words15 = `ðə mˈɔːɹnɪŋ tɹˈeɪn tə ðɪʲ ˈoʊld hˈɑːɹbɚ wʌz lˈeɪt ɐɡˈɛn bɪkˈʌz ʌv snˈoʊ ˌɔn lˈaɪn.`
	words64 = `wˌɛn ðə kəmˈɪɾi fˈaɪnəli mˈɛt ɔnðə lˈæst dˈeɪ ʌvðə mˈʌnθ, nˈoʊbɑːdi kʊd ɹᵻmˈɛmbɚ hˌuː hæd ˈæskt fɚðə mˈiːɾɪŋ, ` +
		`wˌʌt ɪt wʌz səpˈoʊzd tə dᵻsˈaɪd, ɔːɹ wˌaɪ ðə mˈɪnɪts ʌvðə wˈʌn bᵻfˌɔːɹ hæd nˈɛvɚ bˌɪn sˈɛnt ɚɹˈaʊnd, sˌoʊ ðə tʃˈɛɹmən, ` +
		`hˌuː wʌzɐ pˈeɪʃənt mˈæn, pˈɔːɹd hɪmsˈɛlf ɐnˈʌðɚ kˈʌp ʌv tˈiː, lˈʊkt ˌaʊɾəv ðə wˈɪndoʊ æt ðə ɹˈeɪn ˌoʊvɚ ðə ɹˈɪvɚ, ænd wˈeɪɾᵻd.`
)

// joe opens the voice that is installed for tests.
func joe(t testing.TB) *Model {
	t.Helper()
	dir := filepath.Join(needs.Voices(t, "joe"), "joe")
	onnxtest.Open(t)
	config, err := voicefile.ReadConfig(filepath.Join(dir, "en_US-joe-medium.onnx.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(dir, config, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func spoken(text string) acoustic.Input {
	return acoustic.Input{Phonemes: []rune(text), Speed: 1, Seed: 1}
}

func TestJoe(t *testing.T) {
	m := joe(t)
	if n := len([]rune(words64)); n > m.MaxPhonemes() {
		t.Errorf("64 words are %d phonemes, and it takes %d", n, m.MaxPhonemes())
	}
	for _, r := range words5 + words15 + words64 {
		if !m.Knows(r) {
			t.Errorf("it does not know %q", r)
		}
	}
	s := speak(t, m, spoken(words15))
	seconds := float64(len(s.samples)) / float64(m.SampleRate())
	peak, energy := 0.0, 0.0
	for _, v := range s.samples {
		peak = max(peak, math.Abs(float64(v)))
		energy += float64(v) * float64(v)
	}
	if seconds < 3 || seconds > 6 || peak < 0.1 || peak > 1 || math.IsNaN(energy) {
		t.Errorf("%.2f s with a peak of %.2f", seconds, peak)
	}
	if again := speak(t, m, spoken(words15)); !slices.Equal(s.samples, again.samples) {
		t.Error("the same input gives other samples")
	}
	quick := acoustic.Input{Phonemes: []rune(words15), Speed: 2, Seed: 1}
	if half := float64(len(speak(t, m, quick).samples)) / float64(len(s.samples)); half < 0.45 || half > 0.65 {
		t.Errorf("at twice the speed it lasts %.2f of the time", half)
	}
}

// LECTERN_NEURAL_TEST is a directory with the whole networks: piper/voice.onnx and
// piper/voice.onnx.json.
func TestWholeVoice(t *testing.T) {
	from := os.Getenv("LECTERN_NEURAL_TEST")
	if from == "" {
		t.Skip("SKIPPED: LECTERN_NEURAL_TEST names no directory with piper/voice.onnx")
	}
	onnxtest.Open(t)
	network, dir := filepath.Join(from, "piper", "voice.onnx"), t.TempDir()
	if err := voicefile.Prepare(network, dir); err != nil {
		t.Fatal(err)
	}
	config, err := voicefile.ReadConfig(network + ".json")
	if err != nil {
		t.Fatal(err)
	}
	silent(config)
	m, err := Open(dir, config, config.Speaker)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	data, err := os.ReadFile(network)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{words5, words15} {
		s := speak(t, m, spoken(text))
		ids, _ := m.number([]rune(text))
		names := []string{"input", "input_lengths", "scales"}
		given := []onnx.Input{onnx.Tensor(ids, 1, int64(len(ids))), onnx.Tensor([]int64{int64(len(ids))}, 1), onnx.Tensor([]float32{0, float32(config.LengthScale), 0}, 3)}
		if config.Speakers > 1 {
			names, given = append(names, "sid"), append(given, onnx.Tensor(m.speaker, 1))
		}
		whole := onnxtest.Run(t, data, names, []string{"output"}, given...)[0]
		if len(whole) != len(s.samples) {
			t.Fatalf("%d samples, the whole %d", len(s.samples), len(whole))
		}
		worst := 0.0
		for i := range whole {
			worst = max(worst, math.Abs(float64(whole[i]-s.samples[i])))
		}
		t.Logf("%d phonemes: at most %.2g from the whole", len([]rune(text)), worst)
		if !(worst < 1e-4) {
			t.Errorf("%g from the whole", worst)
		}
	}
}

// Memory does not grow with the text: that of a process that speaks 64 words, and
// of one that speaks 320.
func TestMemory(t *testing.T) {
	if times, err := strconv.Atoi(os.Getenv("LECTERN_SPEAK_TIMES")); err == nil {
		m := joe(t)
		for range times {
			speak(t, m, spoken(words64))
		}
		status, _ := os.ReadFile("/proc/self/status")
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				fmt.Println("peak", strings.Fields(rest)[0])
			}
		}
		return
	}
	if testing.Short() {
		t.Skip("it speaks for two minutes")
	}
	needs.Voices(t, "joe", "onnxruntime")
	peak := func(times int) int {
		cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$")
		cmd.Env = append(os.Environ(), fmt.Sprint("LECTERN_SPEAK_TIMES=", times))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		kB := 0
		if _, rest, ok := strings.Cut(string(out), "peak "); ok {
			fmt.Sscan(rest, &kB)
		}
		return kB >> 10
	}
	once, more := peak(1), peak(5)
	t.Logf("64 words: %d MB, 320: %d MB", once, more)
	if once == 0 || more > 340 || more > once*5/4 {
		t.Errorf("64 words take %d MB and 320 take %d", once, more)
	}
}

func BenchmarkSpeak(b *testing.B) {
	m := joe(b)
	for _, text := range []struct{ name, phonemes string }{{"5", words5}, {"15", words15}, {"64", words64}} {
		b.Run(text.name+"words", func(b *testing.B) {
			samples, first := 0, time.Duration(1<<62)
			for b.Loop() {
				begin := time.Now()
				var heard time.Duration
				s := &sink{taken: func() {
					if heard == 0 {
						heard = time.Since(begin)
					}
				}}
				if err := m.Speak(context.Background(), spoken(text.phonemes), s); err != nil {
					b.Fatal(err)
				}
				samples, first = samples+len(s.samples), min(first, heard)
			}
			b.ReportMetric(b.Elapsed().Seconds()*float64(m.SampleRate())/float64(samples), "RTF")
			b.ReportMetric(float64(first.Microseconds())/1000, "first-ms")
		})
	}
}

// BenchmarkStop is from the end of the context to that of Speak, at worst.
func BenchmarkStop(b *testing.B) {
	m := joe(b)
	in, stop := spoken(words64), errors.New("stop")
	worst, at := time.Duration(0), time.Duration(0)
	for b.Loop() {
		at = (at + 77*time.Millisecond) % time.Second
		ctx, cancel := context.WithCancelCause(context.Background())
		asked := make(chan time.Time, 1)
		time.AfterFunc(at, func() { asked <- time.Now(); cancel(stop) })
		if err := m.Speak(ctx, in, &sink{}); err != stop {
			b.Fatal(err)
		}
		worst = max(worst, time.Since(<-asked))
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
}
