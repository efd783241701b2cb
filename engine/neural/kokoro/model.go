package kokoro

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/kokoro/voicefile"
	"github.com/lectern/lectern/engine/neural/onnx"
)

var _ acoustic.Model = (*Model)(nil)

// Model is one voice of Kokoro. See [acoustic.Model]. It has no noise: Seed means
// nothing to it.
type Model struct {
	network *Network
	style   []float32
	vocab   map[rune]int64
}

const (
	sampleRate = 24000
	// maxPhonemes bounds memory, which grows with the sound: so many have 400 MB of
	// data at their own speed, 550 at half of it, 820 at a quarter. The network
	// itself would take 510.
	maxPhonemes = 90
	// piece is how many samples a sink gets at once: a quarter of a second.
	piece = sampleRate / 4
)

// Network is Kokoro itself, which all voices share.
type Network struct {
	session *onnx.Session
	open    int // voices
}

// Load loads the network that [voicefile.Prepare] has written to dir. ONNX Runtime
// must be open. It is freed when the last of its voices is closed.
func Load(dir string) (*Network, error) {
	names, err := voicefile.ReadNames(dir)
	if err != nil {
		return nil, err
	}
	session, err := onnx.Load(filepath.Join(dir, voicefile.NetworkFile),
		[]string{names.Tokens, names.Style, names.Speed}, []string{names.Audio, names.Durations})
	if err != nil {
		return nil, err
	}
	return &Network{session: session}, nil
}

// Open makes a voice of the style in a file.
func (n *Network) Open(style string, vocab map[rune]int64) (*Model, error) {
	read, err := voicefile.ReadStyle(style)
	if err != nil {
		return nil, err
	}
	n.open++
	return &Model{network: n, style: read, vocab: vocab}, nil
}

// Close implements [acoustic.Model].
func (m *Model) Close() error {
	if m.network.open--; m.network.open > 0 {
		return nil
	}
	return m.network.session.Close()
}

// SampleRate implements [acoustic.Model].
func (m *Model) SampleRate() int { return sampleRate }

// MaxPhonemes implements [acoustic.Model].
func (m *Model) MaxPhonemes() int { return maxPhonemes }

// Whole implements [acoustic.Model]: the network makes all of its sound at once.
func (m *Model) Whole() bool { return true }

// Knows implements [acoustic.Model].
func (m *Model) Knows(phoneme rune) bool {
	_, ok := m.vocab[phoneme]
	return ok
}

// Speak implements [acoustic.Model].
func (m *Model) Speak(ctx context.Context, in acoustic.Input, sink acoustic.Sink) error {
	n := len(in.Phonemes)
	if n < 1 || n > maxPhonemes {
		return fmt.Errorf("%d phonemes are not 1 to %d", n, maxPhonemes)
	}
	if !(in.Speed >= 0.25 && in.Speed <= 4) {
		return fmt.Errorf("a speed of %g is not 0.25 to 4", in.Speed)
	}
	tokens := make([]int64, n+2) // 0 stands before and after
	for i, phoneme := range in.Phonemes {
		id, ok := m.vocab[phoneme]
		if !ok {
			return fmt.Errorf("the network has no phoneme %q", phoneme)
		}
		tokens[1+i] = id
	}
	row := min(n, voicefile.Rows) - 1 // as Kokoro's own program; kokoro-js takes the next one
	made, err := m.network.session.Run(ctx, onnx.Tensor(tokens, 1, int64(len(tokens))),
		onnx.Tensor(m.style[row*voicefile.Width:(row+1)*voicefile.Width], 1, voicefile.Width),
		onnx.Tensor([]float32{float32(in.Speed)}, 1))
	if err != nil {
		return err
	}
	defer made.Close()
	audio, _ := made.Floats(0)
	frames, _ := made.Floats(1)
	samples, err := durations(frames, len(tokens), len(audio))
	if err != nil {
		return err
	}
	if err := sink.Durations(samples); err != nil {
		return err
	}
	for len(audio) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		size := min(piece, len(audio))
		if err := sink.Audio(audio[:size]); err != nil {
			return err
		}
		audio = audio[size:]
	}
	return nil
}

// durations are the samples of each of n tokens, which are all of them together.
func durations(frames []float32, n, all int) ([]int, error) {
	if len(frames) != n {
		return nil, fmt.Errorf("the network of Kokoro gives %d durations for %d tokens; install it again", len(frames), n)
	}
	total := 0
	for _, f := range frames {
		if !(f >= 0 && f <= 1e6) {
			return nil, fmt.Errorf("the network of Kokoro gives the duration %g; install it again", f)
		}
		total += int(f)
	}
	if total == 0 || all%total != 0 {
		return nil, fmt.Errorf("the network of Kokoro makes %d samples of %d frames; install it again", all, total)
	}
	samples := make([]int, n)
	for i, f := range frames {
		samples[i] = int(f) * (all / total)
	}
	return samples, nil
}
