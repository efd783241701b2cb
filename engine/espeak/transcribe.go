// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unsafe"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Transcribe tells the phonemes of u's words, as espeak_TextToPhonemes gives them:
// that is what neural voices were trained with. The espeak-ng program's --ipa adds
// what only intonation needs: it stresses a clause of unstressed words, and
// changes tones by their neighbours.
//
// u.Voice is an EngineName, or any other name that espeak-ng knows a voice by,
// such as "en-us" or "pt-br". Its variant changes nothing.
func (e *Engine) Transcribe(ctx context.Context, u speech.Utterance) ([]speech.Transcribed, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if !e.info.Abilities.Transcribes {
		return nil, fmt.Errorf("%w: this espeak-ng does not transcribe", driver.ErrFailed)
	}
	voice, known := e.names[strings.ToLower(withoutVariant(u.Voice))]
	if !known {
		return nil, fmt.Errorf("%w: %q", driver.ErrVoice, u.Voice)
	}
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return nil, err
	}
	c, err := load(ctx, &e.readers, voice, ownVolume)
	if err != nil {
		return nil, err
	}
	c.reads = true
	words, err := c.read(ctx, u.Text, pronounced)
	switch {
	case err == nil && ctx.Err() == nil:
		return words, nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, errLost):
		err = fmt.Errorf("%w: espeak-ng crashed", driver.ErrFailed)
	}
	e.readers = e.readers[:len(e.readers)-1] // where load left it
	c.cancel()
	c.close()
	return nil, err
}

func (c *core) read(ctx context.Context, text string, pronounced []driver.Pronounced) ([]speech.Transcribed, error) {
	var kind C.int32_t = C.LECTERN_TRANSCRIBE
	var words []said
	if len(pronounced) > 0 {
		kind = C.LECTERN_TRANSCRIBE_PHONEMES
		var err error
		if words, err = c.spell(ctx, pronounced); err != nil {
			return nil, err
		}
	}
	clean, places := prepare(text, words)
	t := transcript{places: places}
	err := c.carryOut(ctx, kind, clean, t.hear)
	return t.words, err
}

// transcript is one utterance on its way from the library.
type transcript struct {
	places  places
	words   []speech.Transcribed
	first   int              // of the words of this clause
	clause  []C.lectern_word // whose phonemes come next; its end is the last
	pending string           // phonemes without a place, for the next word
}

func (t *transcript) hear(answer io.Reader) error {
	return eachMessage(answer, func(kind uint32, payload []byte) error {
		switch kind {
		case C.LECTERN_WORDS:
			t.clause = append(t.clause[:0], unsafe.Slice((*C.lectern_word)(unsafe.Pointer(unsafe.SliceData(payload))), len(payload)/C.sizeof_lectern_word)...)
		case C.LECTERN_IPA:
			return t.take(spoken(string(payload)))
		}
		return nil
	})
}

var errLibrary = errors.New("the words of espeak-ng's library are not those of its phonemes")

// take joins the words of a clause and their phonemes, between which are spaces.
// Several of the library's words may be one of the text, as in "123".
func (t *transcript) take(ipa string) error {
	last := len(t.clause) - 1
	pieces := strings.Split(ipa, " ")
	if last < 0 || t.clause[last].end == 0 || len(pieces) != max(last, 1) {
		return fmt.Errorf("%w: %w", driver.ErrFailed, errLibrary)
	}
	t.first = len(t.words)
	var token speech.Token
	placed := false
	for i, phonemes := range pieces {
		if i < last {
			if own, ok := t.token(t.clause[i]); ok {
				token, placed = own, true
			}
		}
		if phonemes == "" {
			continue // in some languages "1" is nothing, and then a word without a place
		}
		n := len(t.words)
		switch {
		case placed && (n == 0 || token.Start >= t.words[n-1].End):
			t.extend(token.Start, ".,;:!?")
			t.words = append(t.words, speech.Transcribed{Token: token, Phonemes: t.pending + phonemes})
			t.pending = ""
		case placed || n > t.first:
			t.words[n-1].End = max(t.words[n-1].End, token.End)
			t.words[n-1].Phonemes += " " + phonemes
		default:
			t.pending += phonemes + " "
		}
		placed = false
	}
	t.extend(t.places.offset(int(t.clause[last].position)), "")
	return nil
}

// token is the place of one of the library's words without the marks after it.
func (t *transcript) token(w C.lectern_word) (speech.Token, bool) {
	token, ok := t.places.token(int(w.position), int(w.length))
	if _, said := t.places.saidAt(token.Start); !ok || said {
		return token, ok
	}
	word := t.places.source[token.Start:token.End]
	if bare := strings.TrimRightFunc(word, unicode.IsPunct); bare != "" {
		token.End = token.Start + len(bare)
	}
	return token, true
}

// extend has the last word of the clause reach over what the library took along
// with it before the byte upTo: the second word of "from the", and the last of
// some marks, which it has read within a clause.
func (t *transcript) extend(upTo int, marks string) {
	if len(t.words) == t.first {
		return
	}
	last := &t.words[len(t.words)-1]
	if more := words(t.places.source, last.End, upTo); len(more) > 0 {
		last.End = more[len(more)-1].End
	}
	if last.End < upTo {
		last.End += strings.LastIndexAny(t.places.source[last.End:upTo], marks) + 1
	}
}

// spoken is the library's IPA without its marks for other languages, such as
// "(en)", in normal form D.
func spoken(ipa string) string {
	for {
		before, rest, found := strings.Cut(ipa, "(")
		_, after, closed := strings.Cut(rest, ")")
		if !found || !closed {
			return norm.NFD.String(ipa)
		}
		ipa = before + after
	}
}
