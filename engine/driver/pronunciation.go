package driver

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/phoneme"
	"github.com/lectern/lectern/speech"
)

// Pronounced is a piece of an utterance's text and the sounds to say for it.
type Pronounced struct {
	speech.Token
	Sounds phoneme.Transcription
}

// PronouncedOf are u's pronunciations, parsed, for engines. A phrase whose words
// are as many as those of its transcription comes word by word. Pronunciations
// out of order, beyond the text or beyond the IPA are an error that is ErrFailed.
func PronouncedOf(u speech.Utterance) ([]Pronounced, error) {
	var all []Pronounced
	last := 0
	for _, p := range u.Pronunciations {
		if p.Start < last || p.End <= p.Start || p.End > len(u.Text) || !boundary(u.Text, p.Start) || !boundary(u.Text, p.End) {
			return nil, fmt.Errorf("%w: it has a pronunciation for the bytes %d to %d of %d, after %d", ErrFailed, p.Start, p.End, len(u.Text), last)
		}
		last = p.End
		sounds, err := phoneme.ParseIPA(p.IPA)
		if err != nil {
			return nil, fmt.Errorf("%w: the pronunciation %.200q: %w", ErrFailed, p.IPA, err)
		}
		tokens, words := fields(u.Text, p.Token), sounds.Words()
		if len(tokens) != len(words) {
			all = append(all, Pronounced{p.Token, sounds})
			continue
		}
		for i, t := range tokens {
			all = append(all, Pronounced{t, words[i]})
		}
	}
	return all, nil
}

func boundary(text string, at int) bool { return at == len(text) || utf8.RuneStart(text[at]) }

// fields are the pieces between white space.
func fields(text string, within speech.Token) []speech.Token {
	var found []speech.Token
	for at := within.Start; at < within.End; {
		rest := text[at:within.End]
		at += len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
		length := strings.IndexFunc(text[at:within.End], unicode.IsSpace)
		if length < 0 {
			length = within.End - at
		}
		if length > 0 {
			found = append(found, speech.Token{Start: at, End: at + length})
		}
		at += length
	}
	return found
}
