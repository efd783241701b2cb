package synth

import (
	"time"
	"unicode/utf8"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

const (
	// maxSpool is the most sound that a mix or a clip may hold, and the longest
	// that either may play.
	maxSpool = time.Hour
	// DefaultLongest is the longest sound that a request may ask for: short
	// documents can ask for much. A megabyte of text is some 18 hours, spoken
	// at a quarter of its speed 74.
	DefaultLongest = 100 * time.Hour
	// maxMedia is how many media a container may hold.
	maxMedia = 1000
)

// charactersPerSecond is faster than any voice reads.
const charactersPerSecond = 25

// asked is how long segments may last, as far as can be known beforehand: what
// pauses, clips and mixes may play at most, and text as a fast reader has it.
func asked(whole Settings, segments []Segment) time.Duration {
	var d time.Duration
	for i := range segments {
		s := &segments[i]
		d += s.Pause + s.Bleep
		switch {
		case s.Text != "":
			rate := min(max(whole.Prosody.Speed()*s.Prosody.Speed(), leastRate), mostRate)
			d += time.Duration(float64(utf8.RuneCountInString(s.Text)) / charactersPerSecond / rate * float64(time.Second))
		case s.Mix != nil:
			d += maxSpool
		case s.Clip != nil && s.Clip.For >= 0:
			d += min(s.Clip.For, maxSpool)
		case s.Clip != nil:
			d += min(time.Duration(s.Clip.Count)*longestClip, maxSpool)
		}
	}
	return d
}

// checkLength refuses a plan that asks for more than longest; 0 means
// DefaultLongest.
func (p *Plan) checkLength(field string, longest time.Duration) error {
	if longest <= 0 {
		longest = DefaultLongest
	}
	if most := asked(p.Settings, p.Segments); most > longest {
		return fault.Invalid(field, "The sound may last %v with all its pauses, clips and mixes, and at most %v are allowed (--max-operation-audio). Shorten them, or give repeats a repeatDur.",
			most.Round(time.Minute), longest)
	}
	return nil
}

// Least is how long the sound of p is at least: that of its pauses, and of those
// in its mixes. It takes no engine to know it.
func (p *Plan) Least() audio.Frames { return least(p.SampleRate, p.Segments) }

func least(rate audio.SampleRate, segments []Segment) (n audio.Frames) {
	for i := range segments {
		s := &segments[i]
		n += rate.Frames(s.Pause) + rate.Frames(s.Bleep)
		if s.Mix != nil {
			n += min(s.Mix.least(rate), rate.Frames(maxSpool))
		}
	}
	return n
}

// least is what the longest of the children takes, were it alone.
func (m *MixPlan) least(rate audio.SampleRate) (n audio.Frames) {
	for _, c := range m.Children {
		var alone audio.Frames
		var begin, end *Time
		if c.Mix != nil {
			begin, end, alone = c.Mix.Begin, c.Mix.End, c.Mix.least(rate)
		} else {
			begin, end, alone = c.Media.Begin, c.Media.End, least(rate, c.Media.Segments)
			if c.Media.For >= 0 {
				alone = min(alone, rate.Frames(c.Media.For))
			}
		}
		switch {
		case end != nil:
			continue // it may cut all of it
		case begin != nil && begin.ID == "" && begin.Offset > 0:
			alone += rate.Frames(min(begin.Offset, maxSpool))
		}
		n = max(n, alone)
	}
	return n
}
