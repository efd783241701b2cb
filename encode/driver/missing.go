package driver

import (
	"fmt"
	"io"

	"github.com/lectern/lectern/audio"
)

// Missing is a [Format] that the API has and this build does not: a codec that
// was left out. It carries nothing; a catalogue that holds it answers
// UNIMPLEMENTED with the advice instead of denying that there is such a format.
type Missing struct {
	// Encoding is the name in the API, such as "MP3".
	Encoding string
	// Advice is a sentence that says how to get it.
	Advice string
}

// Name implements Format.
func (m Missing) Name() string { return m.Encoding }

// CanCarry implements Format: nothing.
func (Missing) CanCarry(audio.SampleRate) bool { return false }

// NewEncoder implements Format: it fails.
func (m Missing) NewEncoder(io.Writer, audio.SampleRate, audio.Frames) (Encoder, error) {
	return nil, fmt.Errorf("%s is not part of this build. %s", m.Encoding, m.Advice)
}
