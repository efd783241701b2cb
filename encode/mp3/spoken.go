//go:build cgo && !nomp3

package mp3

import (
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/packets"
)

// Spoken is MP3 without the Info frame, whose numbers only the end tells: it is
// heard as it comes, and begins with 1,105 frames of silence.
func Spoken() driver.Format { return packets.New(spoken{codec32}) }

type spoken struct{ codec }

// NewStream implements packets.Streamer.
func (spoken) NewStream(w io.Writer, _ audio.SampleRate) (packets.Stream, error) {
	return bare{w}, nil
}

// bare writes packets and nothing else.
type bare struct{ w io.Writer }

func (b bare) Packet(packet []byte) error {
	_, err := b.w.Write(packet)
	return err
}

func (bare) Close(audio.Frames) error { return nil }
