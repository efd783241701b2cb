package ssml

import "time"

// The bounds of a clip's speed; what goes beyond is brought back to them.
const (
	minSpeed = 0.5
	maxSpeed = 2
)

// maxRepeats is the most often that anything repeats; a larger count is
// brought back to it.
const maxRepeats = 1_000_000

// longest is the length of time that stands for all longer ones.
const longest = 1000 * time.Hour

// Clip is a recording to be played (docs/contract.md 4.5). The part from Begin
// to End is played Count times in a row at Speed, and of that at most
// RepeatDur is heard. Where nothing is left (Begin at or after End, or after
// the recording), nothing is heard.
type Clip struct {
	// Src is the address, of a scheme that [Limits.Source] allows.
	Src string
	// Begin and End are places in the recording. End < 0 is its end.
	Begin, End time.Duration
	// Speed is a factor from 0.5 to 2.
	Speed float64
	// RepeatCount is 1 or more. Where the document says nothing it is 1, or
	// 10 if there is a RepeatDur.
	RepeatCount int
	// RepeatDur < 0 is no bound.
	RepeatDur time.Duration
	// GainDB is -40 to 40.
	GainDB float64
	// Fallback is spoken if the recording cannot be played. It may hold
	// other clips.
	Fallback []Segment
	// Offset is the byte of the source at which the element begins.
	Offset int
}

func newClip(e *Element, fallback []Segment) *Clip {
	c := &Clip{End: -1, Speed: 1, RepeatDur: -1, Fallback: fallback, Offset: e.Offset}
	for _, a := range e.Attributes {
		switch a.Name {
		case "src":
			c.Src = a.Value
		case "clipBegin":
			c.Begin, _ = parseLength(a.Value)
		case "clipEnd":
			c.End, _ = parseLength(a.Value)
		case "speed":
			c.Speed, _ = parseSpeed(a.Value)
		case "repeatCount":
			c.RepeatCount, _ = parseCount(a.Value)
		case "repeatDur":
			c.RepeatDur, _ = parseLength(a.Value)
		case "soundLevel":
			c.GainDB, _ = parseDecibels(a.Value, false)
		}
	}
	if c.RepeatCount == 0 {
		c.RepeatCount = 1
		if c.RepeatDur >= 0 {
			c.RepeatCount = 10
		}
	}
	return c
}
