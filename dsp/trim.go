package dsp

import (
	"io"
	"time"

	"github.com/lectern/lectern/audio"
)

// defaultThreshold is the amplitude up to which [Trim] takes a frame for
// silent, -54 dB.
const defaultThreshold = 0.002

// longestHeld is how much silence inside a sound is kept frame by frame.
const longestHeld = 10 * time.Second

// Silence says what [Trim] takes for silence and how much of it may stay.
type Silence struct {
	// Threshold is the amplitude, full scale 1, up to which a frame is
	// silent. 0 means 0.002, which is -54 dB.
	Threshold float32
	// KeepLeading and KeepTrailing are how much silence stays before the
	// first and after the last frame that is not silent.
	KeepLeading, KeepTrailing time.Duration
}

// Trim removes the silence at both ends of s beyond what keep allows. Silence
// inside stays; of a piece longer than ten seconds the rest becomes zeros of
// the same length. A sound of silence alone becomes empty.
func Trim(s audio.Stream, keep Silence) *Trimmed {
	rate := s.SampleRate()
	if keep.Threshold == 0 {
		keep.Threshold = defaultThreshold
	}
	return &Trimmed{source: s, threshold: keep.Threshold,
		leading: rate.Frames(max(0, keep.KeepLeading)), trailing: rate.Frames(max(0, keep.KeepTrailing)),
		maxHeld: int(rate.Frames(longestHeld)),
		block:   make([]float32, readAhead),
	}
}

// Trimmed is the stream that [Trim] makes.
type Trimmed struct {
	source            audio.Stream
	threshold         float32
	leading, trailing audio.Frames
	maxHeld           int

	block   []float32
	started bool         // a frame that is not silent has come
	leads   audio.Frames // silence before the first such frame
	skipped audio.Frames

	// held is the silence since the last such frame, unheld how many frames
	// of it more were not kept.
	held   []float32
	unheld audio.Frames

	// What to give next, in this order.
	first  []float32
	zeros  audio.Frames
	second []float32
	err    error
}

func (t *Trimmed) SampleRate() audio.SampleRate { return t.source.SampleRate() }

// Skipped is how many frames were removed from the start. It is known once the
// first frame was read.
func (t *Trimmed) Skipped() audio.Frames { return t.skipped }

func (t *Trimmed) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		switch {
		case len(t.first) > 0:
			n := copy(p, t.first)
			t.first = t.first[n:]
			return n, nil
		case t.zeros > 0:
			n := int(min(int64(len(p)), t.zeros))
			clear(p[:n])
			t.zeros -= int64(n)
			return n, nil
		case len(t.second) > 0:
			n := copy(p, t.second)
			t.second = t.second[n:]
			return n, nil
		case t.err != nil:
			return 0, t.err
		}
		t.advance()
	}
}

// advance reads a block. Everything given before has been taken.
func (t *Trimmed) advance() {
	n, err := t.source.Read(t.block)
	block := t.block[:n]
	if first, last := t.loud(block); last >= 0 {
		if !t.started {
			t.hold(block[:first])
			block, last = block[first:], last-first
			t.started = true
			t.keepLast(t.leading)
			t.skipped = t.leads - audio.Frames(len(t.held))
		}
		t.give(block[:last+1])
		block = block[last+1:]
	}
	t.hold(block)
	if t.err = err; err == io.EOF && t.started {
		t.keepFirst(t.trailing)
		t.give(nil)
	}
}

// loud finds the first and the last frame that is not silent, -1 if none is.
func (t *Trimmed) loud(block []float32) (first, last int) {
	first, last = -1, -1
	for i, x := range block {
		if x > t.threshold || x < -t.threshold {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

// hold keeps silent frames until it is known whether sound follows. Before the
// sound begins only the last ones matter, after it the first.
func (t *Trimmed) hold(silent []float32) {
	if !t.started {
		t.leads += audio.Frames(len(silent))
		t.held = append(t.held, silent...)
		if most := int(min(t.leading, int64(t.maxHeld))); len(t.held) > most+readAhead {
			t.held = t.held[:copy(t.held, t.held[len(t.held)-most:])]
		}
		return
	}
	n := min(len(silent), t.maxHeld-len(t.held))
	t.held = append(t.held, silent[:n]...)
	t.unheld += int64(len(silent) - n)
}

func (t *Trimmed) keepLast(n audio.Frames) {
	t.held = t.held[max(0, int64(len(t.held))-n):]
}

func (t *Trimmed) keepFirst(n audio.Frames) {
	whole := int64(len(t.held)) + t.unheld
	n = min(n, whole)
	t.held = t.held[:min(n, int64(len(t.held)))]
	t.unheld = n - int64(len(t.held))
}

// give hands out the silence held, then sound.
func (t *Trimmed) give(sound []float32) {
	t.first, t.zeros, t.second = t.held, t.unheld, sound
	t.held, t.unheld = nil, 0
}
