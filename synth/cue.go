package synth

import "github.com/lectern/lectern/audio"

// Cue is a place in a finished sound: a mark of the input, or a word. Timepoints
// are made of the first, captions of both.
type Cue struct {
	// Frame is where it is heard, and End where it ends, counted from the
	// first frame of the sound. A mark's are the same.
	Frame audio.Frames `json:"f"`
	End   audio.Frames `json:"e,omitempty"`
	// Mark is the name of a mark; empty for a word.
	Mark string `json:"m,omitempty"`
	// Word is a word as it was written, with its punctuation.
	Word string `json:"w,omitempty"`
	// Last says that the word ends its sentence.
	Last bool `json:"l,omitempty"`
}

// shift moves cues by frames and appends them to to.
func shift(to, cues []Cue, frames audio.Frames) []Cue {
	for _, c := range cues {
		c.Frame += frames
		c.End += frames
		to = append(to, c)
	}
	return to
}
