// Package opinion tells how natural speech sounds, as a mean opinion score of 1 to
// 5: it asks DistillMOS, a network that was taught what people said of thousands
// of recordings. Measurements use it where an audience would listen.
//
// The network is not in the repository; [Open] takes its file, and ONNX Runtime's.
package opinion

import (
	"context"
	"fmt"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/engine/neural/onnx"
)

// What the network hears at, and how many samples at once: 7.68 s.
const (
	rate   = audio.SampleRate(16000)
	window = 122880
)

// Listener is the network. It may be asked by many goroutines at once.
type Listener struct {
	session    *onnx.Session
	resampling dsp.Resampler
}

// Open loads the network and, once for the process, ONNX Runtime.
func Open(runtime, network string) (*Listener, error) {
	if err := onnx.Open(runtime); err != nil {
		return nil, err
	}
	session, err := onnx.Load(network, []string{"wave"}, []string{"mos"})
	if err != nil {
		return nil, err
	}
	return &Listener{session: session}, nil
}

// Close frees the network.
func (l *Listener) Close() error { return l.session.Close() }

// score is the opinion of a sound: the mean of windows about a second apart.
// Silence follows a sound that is shorter than one.
func (l *Listener) score(ctx context.Context, sound audio.Buffer) (float64, error) {
	heard, err := audio.ReadAll(l.resampling.Resample(sound.Stream(), rate))
	if err != nil {
		return 0, err
	}
	wave := heard.Samples
	if short := window - len(wave); short > 0 {
		wave = append(wave, make([]float32, short)...)
	}
	over := len(wave) - window
	windows := (over+int(rate)-1)/int(rate) + 1
	sum := 0.0
	for i := range windows {
		at := 0
		if windows > 1 {
			at = int(float64(i) / float64(windows-1) * float64(over))
		}
		said, err := l.session.Run(ctx, onnx.Tensor(wave[at:at+window], 1, window))
		if err != nil {
			return 0, err
		}
		score, _ := said.Floats(0)
		if len(score) != 1 || math.IsNaN(float64(score[0])) {
			said.Close()
			return 0, fmt.Errorf("the network has no opinion of a sound: %v", score)
		}
		sum += float64(score[0])
		said.Close()
	}
	return sum / float64(windows), nil
}
