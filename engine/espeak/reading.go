// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"bufio"
	"context"
	"errors"
	"io"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// reading is one utterance on its way from the library to the sink.
type reading struct {
	ctx    context.Context
	sink   driver.Sink
	text   string // fit for the library
	places places
	heard  int64 // frames
	word   driver.Event
	within bool  // whether word was begun and not told
	err    error // why the reading stops early
}

func newReading(ctx context.Context, text string, words []said, sink driver.Sink) *reading {
	clean, places := prepare(text, words)
	return &reading{ctx: ctx, sink: sink, text: clean, places: places}
}

// errCut says that an answer ended early: its maker was killed or crashed.
var errCut = errors.New("the answer ends early")

// hear reads what a core answers, to its end, and gives it to the sink. The
// error is the sink's, the context's cause, or errCut.
func (r *reading) hear(answer io.Reader) error {
	err := eachMessage(answer, func(kind uint32, payload []byte) error {
		switch kind {
		case C.LECTERN_WORDS:
			for ; len(payload) >= C.sizeof_lectern_word; payload = payload[C.sizeof_lectern_word:] {
				r.event((*C.lectern_word)(unsafe.Pointer(unsafe.SliceData(payload))))
			}
		case C.LECTERN_SOUND:
			r.take(unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(payload))), len(payload)/2))
		}
		return r.err
	})
	if err != nil {
		return err
	}
	return r.end()
}

// eachMessage hands out the messages of an answer. A payload is good until the
// next one, and begins at an address fit for numbers.
func eachMessage(answer io.Reader, handle func(kind uint32, payload []byte) error) error {
	in := bufio.NewReaderSize(answer, answerBytes)
	var payload []byte
	for {
		var h C.lectern_header
		if _, err := io.ReadFull(in, bytesOf(&h)); err != nil {
			return errCut
		}
		if h.kind == C.LECTERN_DONE {
			return nil
		}
		if h.bytes > answerBytes {
			return errCut
		}
		if cap(payload) < int(h.bytes) {
			payload = make([]byte, max(int(h.bytes), 4<<10))
		}
		payload = payload[:h.bytes]
		if _, err := io.ReadFull(in, payload); err != nil {
			return errCut
		}
		if err := handle(uint32(h.kind), payload); err != nil {
			return err
		}
	}
}

func (r *reading) event(w *C.lectern_word) {
	if w.end != 0 {
		r.tell(int64(w.sample), r.places.offset(int(w.position)))
	} else {
		r.begin(int(w.position), int(w.length), int64(w.sample))
	}
}

// take gives sound to the sink.
func (r *reading) take(frames []int16) {
	if r.err == nil && r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
	}
	if r.err == nil {
		r.err = r.sink.Audio(frames)
		r.heard += int64(len(frames))
	}
}

// begin notes that a word begins at a frame. The library speaks of words of its
// own, several for "123": those that lie in the last word's place belong to it.
func (r *reading) begin(position, length int, at int64) {
	token, ok := r.places.token(position, length)
	if !ok || r.within && token.Start < r.word.Token.End {
		return
	}
	last := r.word
	r.tell(at, token.Start)
	if token.Start < last.Token.End {
		return // it goes back, or on within a word that is over
	}
	r.word = driver.Event{Token: token, StartFrame: max(at, last.StartFrame)}
	r.within = true
}

// tell gives the word that ends at a frame to the sink, together with the words
// behind it that end before the byte upTo: the library takes some common pairs,
// such as "from the", for one word. They share the time by their length.
func (r *reading) tell(end int64, upTo int) {
	if !r.within {
		return
	}
	r.within = false
	tokens := append([]speech.Token{r.word.Token}, words(r.places.source, r.word.Token.End, upTo)...)
	letters := 0
	for _, t := range tokens {
		letters += t.End - t.Start
	}
	left := max(end, r.word.StartFrame) - r.word.StartFrame
	for _, t := range tokens {
		length := t.End - t.Start
		share := left * int64(length) / int64(letters)
		left, letters = left-share, letters-length
		r.word.Token, r.word.EndFrame = t, r.word.StartFrame+share
		if r.err == nil {
			r.err = r.sink.Event(r.word)
		}
		r.word.StartFrame = r.word.EndFrame
	}
}

// end tells the last word.
func (r *reading) end() error {
	r.word.StartFrame = min(r.word.StartFrame, r.heard)
	r.tell(r.heard, r.word.Token.End)
	return r.err
}
