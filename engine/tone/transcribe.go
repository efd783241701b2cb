package tone

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Transcribe tells a word's letters for its phonemes, without the marks at its
// end, and a pronunciation as it was given. The hook is asked as for Speak.
func (e *Engine) Transcribe(ctx context.Context, u speech.Utterance) ([]speech.Transcribed, error) {
	u.Prosody = speech.Prosody{}
	var heard tokens
	if err := e.Speak(ctx, u, &heard); err != nil {
		return nil, err
	}
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return nil, err
	}
	var words []speech.Transcribed
	for _, t := range heard {
		for len(pronounced) > 0 && pronounced[0].End <= t.Start {
			pronounced = pronounced[1:]
		}
		w := speech.Transcribed{Token: t}
		if len(pronounced) > 0 && pronounced[0].Token == t {
			w.Phonemes = strings.ReplaceAll(pronounced[0].Sounds.String(), "\u0361", "")
		} else {
			letters := strings.TrimRightFunc(u.Text[t.Start:t.End], unicode.IsPunct)
			w.End = t.Start + len(letters)
			w.Phonemes = strings.ToValidUTF8(letters, "")
		}
		if w.Phonemes = norm.NFD.String(w.Phonemes); w.Phonemes != "" {
			words = append(words, w)
		}
	}
	return words, nil
}

// tokens is a sink that keeps the places of words.
type tokens []speech.Token

func (*tokens) Audio([]int16) error { return nil }

func (t *tokens) Event(e driver.Event) error { *t = append(*t, e.Token); return nil }
