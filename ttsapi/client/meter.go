package client

import (
	"bytes"
	"encoding/binary"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"

	"github.com/lectern/lectern/audio"
)

// meter tells how long the sound of a stream is, as far as it has come.
type meter struct {
	encoding ttspb.AudioEncoding
	rate     audio.SampleRate
	bytes    int64
	opus     opusMeter
}

func (m *meter) take(sound []byte) {
	m.bytes += int64(len(sound))
	if m.encoding == ttspb.AudioEncoding_OGG_OPUS {
		m.opus.take(sound)
	}
}

func (m *meter) length() time.Duration {
	switch m.encoding {
	case ttspb.AudioEncoding_OGG_OPUS:
		return m.opus.length()
	case ttspb.AudioEncoding_MULAW, ttspb.AudioEncoding_ALAW:
		return m.rate.Duration(m.bytes)
	}
	return m.rate.Duration(m.bytes / 2) // 16-bit samples
}

// opusMeter reads the positions in an Ogg stream of Opus (RFC 7845): each page tells how
// many frames there are up to its end, with those that players skip at the start.
type opusMeter struct{ granule, preSkip audio.Frames }

// opusClock is what positions of Opus count in, whatever the sound's own rate.
const opusClock audio.SampleRate = 48000

// take looks at some bytes, in which pages are whole: a page that is not is passed over.
func (m *opusMeter) take(sound []byte) {
	// Behind its name a header has version, channels and then the frames to skip.
	if _, header, ok := bytes.Cut(sound, []byte("OpusHead")); ok && len(header) >= 4 && m.preSkip == 0 {
		m.preSkip = audio.Frames(binary.LittleEndian.Uint16(header[2:]))
	}
	// Behind its name a page has version, flags and then the position of its end.
	if last := bytes.LastIndex(sound, []byte("OggS")); last >= 0 && len(sound) >= last+14 {
		m.granule = max(m.granule, audio.Frames(binary.LittleEndian.Uint64(sound[last+6:])))
	}
}

func (m *opusMeter) length() time.Duration {
	return opusClock.Duration(max(m.granule-m.preSkip, 0))
}
