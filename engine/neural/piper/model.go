package piper

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/lectern/lectern/engine/neural/acoustic"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/piper/voicefile"
)

var _ acoustic.Model = (*Model)(nil)

// Model is one speaker of a Piper voice. See [acoustic.Model].
type Model struct {
	config  voicefile.Config
	parts   voicefile.Parts
	speaker []int64
	longest int // of the clusters, in phonemes

	text  *onnx.Session
	sound []part
	last  pieces // of the part that makes the sound
	ahead pieces // of the parts before it: see fill

	// Memory that is used again. strips[i] is what sound[i] takes; the last one is
	// the sound.
	strips []strip
	window []float32
	ones   []float32
	spread []float32
}

// part is one of the parts that make the sound.
type part struct {
	voicefile.SoundPart
	session *onnx.Session
	rate    int // of the frames it takes to those of latents
	made    int // of these, in the last run of this speech
}

// maxPhonemes is where the memory of the text part, which grows with the square,
// is still small beside that of the voice; about 64 words.
const maxPhonemes = 400

// pieces says how many frames of latents a part takes at once: few at first, so that
// the first sound is soon, and twice as many each time. What depends on frames of the
// neighbours is made again at each border.
type pieces struct{ first, most int }

func (p pieces) after(last int) int { return min(max(p.first, 2*last), p.most) }

// Open loads the voice that [voicefile.Prepare] has written to dir, to speak as the
// speaker of that number. ONNX Runtime must be open.
func Open(dir string, config *voicefile.Config, speaker int) (*Model, error) {
	parts, err := voicefile.ReadParts(dir)
	if err != nil {
		return nil, err
	}
	if speaker < 0 || speaker >= config.Speakers {
		return nil, fmt.Errorf("the voice has %d speakers, from 0, and none is %d", config.Speakers, speaker)
	}
	m := &Model{
		config: *config, parts: *parts, speaker: []int64{int64(speaker)}, last: pieces{32, 128}, ahead: pieces{1, 256},
		strips: make([]strip, len(parts.Sound)+1),
	}
	for cluster := range config.Clusters {
		m.longest = max(m.longest, len([]rune(cluster)))
	}
	t := parts.Text
	m.text, err = onnx.Load(filepath.Join(dir, voicefile.TextFile),
		inputs(t.Speaker, "input", "input_lengths", "scales", t.Noise), []string{t.Durations, t.Means, t.Spreads})
	if err != nil {
		return nil, err
	}
	rate := 1
	for _, p := range parts.Sound {
		session, err := onnx.Load(filepath.Join(dir, p.File), inputs(p.Speaker, p.From, p.Mask), []string{p.To})
		if err != nil {
			_ = m.Close()
			return nil, err
		}
		m.sound = append(m.sound, part{SoundPart: p, session: session, rate: rate})
		rate *= p.Rate
	}
	return m, nil
}

// inputs are the names that are not left out, then the speaker's.
func inputs(speaker bool, names ...string) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if speaker {
		names = append(names, "sid")
	}
	return names
}

// Close implements [acoustic.Model].
func (m *Model) Close() error {
	err := m.text.Close()
	for _, p := range m.sound {
		err = errors.Join(err, p.session.Close())
	}
	return err
}

// SampleRate implements [acoustic.Model].
func (m *Model) SampleRate() int { return m.config.SampleRate }

// MaxPhonemes implements [acoustic.Model].
func (m *Model) MaxPhonemes() int { return maxPhonemes }

// Whole implements [acoustic.Model]: sound comes in pieces.
func (m *Model) Whole() bool { return false }

// Knows implements [acoustic.Model].
func (m *Model) Knows(phoneme rune) bool { return len(m.config.IDs[phoneme]) > 0 }

// number turns phonemes into the numbers of the network. owner says for each to
// whom its time belongs: 0 is the silence before, then the phonemes, and the
// silence after. A phoneme that is one with the ones before it has no time.
func (m *Model) number(phonemes []rune) (ids []int64, owner []int) {
	add := func(who int, more ...[]int64) {
		for _, numbers := range more {
			for _, id := range numbers {
				ids, owner = append(ids, id), append(owner, who)
			}
		}
	}
	add(0, m.config.Start, m.config.Pad)
	for i := 0; i < len(phonemes); {
		n, numbers := 1, m.config.IDs[phonemes[i]]
		for size := min(m.longest, len(phonemes)-i); size > 1; size-- {
			if cluster, ok := m.config.Clusters[string(phonemes[i:i+size])]; ok {
				n, numbers = size, cluster
				break
			}
		}
		if len(numbers) > 0 {
			add(1+i, numbers, m.config.Pad)
		}
		i += n
	}
	add(1+len(phonemes), m.config.End)
	return ids, owner
}
