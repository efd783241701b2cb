// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/phoneme"
	"github.com/lectern/lectern/speech"
)

// mnemonics are the names of phonemes in any of espeak-ng's languages, one a
// line, the plainest first. Which sounds they are depends on the language: the
// library itself is asked, voice by voice.
//
//go:embed mnemonics.txt
var mnemonics string

// longestWord is how many sounds go into one bracket: the library's buffer for
// a clause has some hundred characters.
const longestWord = 60

// said is a word and the mnemonics to say for it, one for each bracket.
type said struct {
	speech.Token
	mnemonics []string
}

// spell finds the mnemonics of pronunciations in the core's language.
func (c *core) spell(ctx context.Context, pronounced []driver.Pronounced) ([]said, error) {
	if c.sounds == nil {
		sounds, err := c.inventory(ctx)
		if err != nil {
			return nil, err
		}
		c.sounds = sounds
	}
	words := make([]said, 0, len(pronounced))
	for _, p := range pronounced {
		words = append(words, said{p.Token, bracketed(c.sounds.Spell(p.Sounds))})
	}
	return words, nil
}

// inventory asks the library for the sound of every mnemonic: of consonants
// before a vowel, since at a word's end many languages change them.
func (c *core) inventory(ctx context.Context) (*phoneme.Inventory, error) {
	names := strings.Fields(mnemonics)
	brackets := make([]string, 0, 2*len(names))
	for _, name := range names {
		brackets = append(brackets, "[["+name+"]]", "[["+name+"|a]]")
	}
	sounds, err := c.heardAs(ctx, brackets)
	if err != nil {
		return nil, err
	}
	var v phoneme.Inventory
	for i, name := range names {
		alone, err := phoneme.ParseIPA(sounds[2*i])
		if err != nil {
			continue // no sound of this language
		}
		before, err := phoneme.ParseIPA(sounds[2*i+1])
		if last := len(before) - 1; err == nil && last > 0 && !alone[len(alone)-1].Vowel() && before[last].Vowel() {
			alone = before[:last]
		}
		_ = v.Add(name, alone.String()) // one that cannot be spelled is not offered
	}
	return &v, nil
}

// heardAs asks the library what mnemonics in brackets are in IPA.
func (c *core) heardAs(ctx context.Context, brackets []string) ([]string, error) {
	sounds := make([]string, 0, len(brackets))
	err := c.carryOut(ctx, C.LECTERN_SPELL, strings.Join(brackets, "\n"), func(answer io.Reader) error {
		return eachMessage(answer, func(kind uint32, payload []byte) error {
			if kind == C.LECTERN_IPA {
				sounds = append(sounds, string(payload))
			}
			return nil
		})
	})
	if err == nil && len(sounds) != len(brackets) {
		err = fmt.Errorf("%w: espeak-ng knows %d of %d phonemes", driver.ErrFailed, len(sounds), len(brackets))
	}
	return sounds, err
}

// bracketed writes sounds in mnemonics, with the bars that keep two of them
// from being read as one, and stress marks before their vowels.
func bracketed(sounds []phoneme.Spelled) []string {
	var all []string
	var b strings.Builder
	n := 0
	end := func() {
		if b.Len() > 0 {
			all = append(all, "[["+b.String()+"]]")
		}
		b.Reset()
		n = 0
	}
	for _, s := range sounds {
		if s.Begins == phoneme.Word || n == longestWord {
			end()
		}
		if s.Name == "" {
			continue
		}
		if n++; n > 1 {
			b.WriteByte('|')
		}
		switch s.Stress {
		case phoneme.Primary:
			b.WriteByte('\'')
		case phoneme.Secondary:
			b.WriteByte(',')
		}
		b.WriteString(s.Name)
	}
	end()
	return all
}
