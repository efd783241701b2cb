package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Sound is gathered into frames that grow from firstSound, so that the first
// is heard soon, to longestSound, so that the pipe costs next to nothing: it is
// not the bytes that cost but that both ends wake up for each frame. An engine
// too slow for that is never held back for longer than patience. For a patient
// listener every frame may be as long as the longest.
const (
	firstSound   = 60 * time.Millisecond
	longestSound = 8 * time.Second
	growth       = 4
	patience     = 40 * time.Millisecond
	longPatience = time.Second
)

// voiceWriter is the sink of the worker's engine: it writes frames to stdout.
// One write holds one audio frame and, after it, the events of the meantime.
type voiceWriter struct {
	to      io.Writer
	sound   []byte // of the next audio frame, after room for its header
	events  []byte // whole frames, to follow the sound
	target  int    // bytes of sound at which all is written
	longest int
	hold    time.Duration // how long sound may be held back
	written time.Time
	broken  error // of a write; then every further one fails
}

func newVoiceWriter(to io.Writer) *voiceWriter {
	return &voiceWriter{to: to, sound: make([]byte, headerBytes)}
}

// begin readies the writer for an utterance at rate hertz.
func (w *voiceWriter) begin(rate int, patient bool) {
	if rate <= 0 {
		rate = 16000
	}
	w.target = 2 * int(firstSound*time.Duration(rate)/time.Second)
	w.longest = min(2*int(longestSound*time.Duration(rate)/time.Second), maxPayload&^1)
	w.hold = patience
	if patient {
		w.target, w.hold = w.longest, longPatience
	}
	w.written = time.Now()
}

// Audio takes sound of any length.
func (w *voiceWriter) Audio(frames []int16) error {
	for len(frames) > 0 {
		room := w.target - (len(w.sound) - headerBytes)
		n := min(len(frames), (room+1)/2)
		w.sound = append(w.sound, audio.PCM(frames[:n])...)
		frames = frames[n:]
		if 2*n >= room {
			w.target = min(growth*w.target, w.longest)
		} else if time.Since(w.written) < w.hold {
			continue
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	return w.broken
}

// Event takes the place of a word.
func (w *voiceWriter) Event(e driver.Event) error {
	at := len(w.events)
	w.events = appendEvent(appendHeader(w.events, eventFrame, 0), e)
	appendHeader(w.events[:at], eventFrame, len(w.events)-at-headerBytes) // now that it is known
	return w.broken
}

// transcribed writes words in as few frames as hold them.
func (w *voiceWriter) transcribed(words []speech.Transcribed) error {
	list := []byte{'['}
	for _, word := range words {
		encoded, err := json.Marshal(word)
		if err != nil {
			return err
		}
		if len(encoded) > maxPayload-2 {
			return fmt.Errorf("%w: the phonemes of one word have %d bytes, more than the %d of a frame", driver.ErrFailed, len(encoded), maxPayload)
		}
		if len(list)+len(encoded)+1 > maxPayload {
			w.list(list)
			if err := w.flush(); err != nil {
				return err
			}
			list = list[:1]
		}
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(list, encoded...)
	}
	if len(list) > 1 {
		w.list(list) // it is written along with the end
	}
	return w.broken
}

// list gathers a frame of words, of which only the closing bracket is missing.
func (w *voiceWriter) list(open []byte) {
	w.events = append(append(appendHeader(w.events, phonemeFrame, len(open)+1), open...), ']')
}

// flush writes what was gathered.
func (w *voiceWriter) flush() error {
	out := w.sound
	if n := len(out) - headerBytes; n > 0 {
		appendHeader(out[:0], audioFrame, n)
	} else {
		out = out[headerBytes:]
	}
	out = append(out, w.events...)
	if w.broken == nil && len(out) > 0 {
		_, w.broken = w.to.Write(out)
	}
	w.sound, w.events = w.sound[:headerBytes], w.events[:0]
	w.written = time.Now()
	return w.broken
}

// end ends the utterance with what the engine returned. An engine that was
// canceled has ended as it should.
func (w *voiceWriter) end(err error) error {
	if err == nil || errors.Is(err, errCanceled) || errors.Is(err, context.Canceled) {
		w.events = appendHeader(w.events, endFrame, 0)
		return w.flush()
	}
	return w.writeJSON(errorFrame, failureOf(err))
}

func (w *voiceWriter) writeJSON(t frameType, payload any) error {
	encoded, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if len(encoded) > maxPayload {
		return fmt.Errorf("worker: a frame of type %q would have %d bytes, more than %d", t, len(encoded), maxPayload)
	}
	w.events = append(appendHeader(w.events, t, len(encoded)), encoded...)
	return w.flush()
}
