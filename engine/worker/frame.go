package worker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/lectern/lectern/engine/driver"
)

// A frame is a header and a payload. The header is the payload's length, as
// four bytes, the highest first, and one byte that is its type.
const (
	headerBytes = 5
	// maxPayload is the longest payload of a frame, in bytes.
	maxPayload = 1 << 20
)

type frameType byte

const (
	speakFrame      frameType = 'S' // to the worker: a speech.Utterance in JSON
	transcribeFrame frameType = 'T' // to the worker: a speech.Utterance in JSON
	cancelFrame     frameType = 'C' // to the worker: stop; no payload

	readyFrame   frameType = 'R' // from the worker: a driver.Info in JSON
	audioFrame   frameType = 'A' // from the worker: s16le frames
	eventFrame   frameType = 'W' // from the worker: a driver.Event in JSON
	phonemeFrame frameType = 'P' // from the worker: a list of speech.Transcribed in JSON
	endFrame     frameType = 'E' // from the worker: the utterance is over; no payload
	errorFrame   frameType = 'X' // from the worker: the utterance failed; a failure in JSON
)

// appendHeader appends the header of a frame whose payload has n bytes.
func appendHeader(to []byte, t frameType, n int) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(n)), byte(t))
}

// readHeader reads a frame's header. The error is io.EOF only between frames.
func readHeader(from io.Reader, scratch *[headerBytes]byte) (t frameType, n int, err error) {
	if _, err := io.ReadFull(from, scratch[:]); err != nil {
		return 0, 0, err
	}
	size := binary.BigEndian.Uint32(scratch[:])
	t = frameType(scratch[headerBytes-1])
	if size > maxPayload {
		return t, 0, fmt.Errorf("frame of type %q announces %d bytes, more than %d", t, size, maxPayload)
	}
	return t, int(size), nil
}

// failure is the payload of an errorFrame.
type failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// kinds are the failures that both ends know by name.
var kinds = []struct {
	name string
	err  error
}{
	{"voice", driver.ErrVoice},
	{"prosody", driver.ErrProsody},
	{"failed", driver.ErrFailed},
}

func failureOf(err error) failure {
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return failure{k.name, err.Error()}
		}
	}
	return failure{"failed", err.Error()}
}

// err is the failure as the parent sees it; an unknown kind is "failed".
func (f failure) err() error {
	for _, k := range kinds {
		if f.Kind == k.name {
			return fmt.Errorf("%w: %s", k.err, f.Message)
		}
	}
	return fmt.Errorf("%w: %s", driver.ErrFailed, f.Message)
}
