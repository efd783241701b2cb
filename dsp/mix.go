package dsp

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/lectern/lectern/audio"
)

// Track is one sound of a mix.
type Track struct {
	// Start is where in the mix its first frame is. What is negative lies
	// before the mix and is not heard.
	Start audio.Frames
	// Open opens the sound, which must have the mix's rate. It is called once,
	// when the mix reaches Start. A stream that is an [io.Closer] is closed
	// when it is over.
	Open func() (audio.Stream, error)
	// Length is the exact length of the sound if it is known, else 0. A longer
	// sound is cut there.
	Length audio.Frames
	// Gain is in dB.
	Gain float64
	// FadeIn and FadeOut are as fadedInOut has them.
	FadeIn, FadeOut audio.Frames
}

// Mix plays tracks at the same time, each from its start, added up; where none
// plays there is silence. It ends with the last of them. It does not clip:
// limit afterwards.
//
// Memory is that of the tracks that play at the same time. The result is an
// [io.Closer], for those who stop early: closing it closes what is open. The
// order of tracks makes no difference but to the rounding of sums.
func Mix(rate audio.SampleRate, tracks []Track) audio.Stream {
	waiting := slices.Clone(tracks)
	slices.SortStableFunc(waiting, func(a, b Track) int { return cmp.Compare(a.Start, b.Start) })
	return &mix{rate: rate, waiting: waiting}
}

type mix struct {
	rate    audio.SampleRate
	waiting []Track // by their starts
	playing []*playing
	at      audio.Frames
	block   [readAhead]float32
	err     error
}

// playing is an open track.
type playing struct {
	opened audio.Stream
	sound  audio.Stream // with its level and fades
}

func (m *mix) SampleRate() audio.SampleRate { return m.rate }

func (m *mix) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for m.err == nil {
		m.err = m.open()
		if m.err != nil {
			break
		}
		if len(m.playing) == 0 && len(m.waiting) == 0 {
			m.err = io.EOF
			break
		}
		most := int64(min(len(p), readAhead))
		if len(m.waiting) > 0 {
			most = min(most, m.waiting[0].Start-m.at)
		}
		n := m.add(p[:most])
		m.at += int64(n)
		if n > 0 {
			return n, nil
		}
	}
	if err := m.Close(); err != nil && m.err == io.EOF {
		m.err = err
	}
	return 0, m.err
}

// open opens what starts here.
func (m *mix) open() error {
	for len(m.waiting) > 0 && m.waiting[0].Start <= m.at {
		t := m.waiting[0]
		m.waiting = m.waiting[1:]
		s, err := t.Open()
		if err != nil {
			return err
		}
		if s.SampleRate() != m.rate {
			_ = closeStream(s)
			return fmt.Errorf("dsp: a track of %v was mixed at %v", s.SampleRate(), m.rate)
		}
		sound := Gain(fadedInOut(s, t.FadeIn, t.FadeOut, t.Length), t.Gain)
		if t.Start < 0 {
			sound = Clip(sound, -t.Start, -1)
		}
		m.playing = append(m.playing, &playing{s, sound})
	}
	return nil
}

// add sums the playing tracks into p and returns how many frames that makes.
// Where the last track ends and none waits, the sound ends.
func (m *mix) add(p []float32) int {
	clear(p)
	longest := 0
	for i := 0; i < len(m.playing); i++ {
		n, err := m.addTrack(m.playing[i], p)
		if err != nil && err != io.EOF {
			// What was before the failure is heard first.
			m.err = err
			p = p[:n]
			longest = min(longest, n)
		}
		longest = max(longest, n)
		if err == io.EOF {
			if m.err == nil {
				m.err = closeStream(m.playing[i].opened)
			}
			m.playing = slices.Delete(m.playing, i, i+1)
			i--
		}
	}
	if len(m.waiting) > 0 && m.err == nil {
		return len(p)
	}
	return longest
}

// addTrack adds a track to p until it ends.
func (m *mix) addTrack(t *playing, p []float32) (int, error) {
	n := 0
	for n < len(p) {
		got, err := t.sound.Read(m.block[:len(p)-n])
		for i, v := range m.block[:got] {
			p[n+i] += v
		}
		n += got
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Close closes the tracks that play.
func (m *mix) Close() error {
	var first error
	for _, t := range m.playing {
		if err := closeStream(t.opened); err != nil && first == nil {
			first = err
		}
	}
	m.playing, m.waiting = nil, nil
	if m.err == nil {
		m.err = first
		if first == nil {
			m.err = io.EOF
		}
	}
	return first
}
