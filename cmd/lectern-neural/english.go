package main

import (
	"fmt"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/neural"
	"github.com/lectern/lectern/g2p"
	"github.com/lectern/lectern/speech"
)

// english reads by package g2p. It implements neural.Reader.
type english struct {
	front    *g2p.English
	language string
}

func (e english) Read(u speech.Utterance) ([]neural.Word, error) {
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return nil, err
	}
	var given []g2p.Given
	for _, p := range pronounced {
		given = append(given, g2p.Given{Start: p.Start, End: p.End, Phonemes: g2p.FromIPA(p.Sounds.String(), e.language)})
	}
	read, err := e.front.Words(u.Text, given)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", driver.ErrFailed, err)
	}
	words := make([]neural.Word, len(read))
	for i, r := range read {
		token := speech.Token{Start: r.Start, End: r.End}
		if len(pronounced) > 0 && pronounced[0].End <= r.Start {
			pronounced = pronounced[1:]
		}
		words[i] = neural.Word{Token: token, Phonemes: r.Phonemes, Space: r.Space, Given: len(pronounced) > 0 && pronounced[0].Token == token}
	}
	return words, nil
}
