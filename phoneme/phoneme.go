// Package phoneme reads and writes broad phonetic transcriptions: what a user
// says of a word's pronunciation, in the International Phonetic Alphabet or in
// X-SAMPA, and what engines turn into the sounds they have.
//
// [ParseIPA] and [ParseXSAMPA] give a [Transcription], whose String is the one
// usual spelling in IPA. Whether a voice can make a sound is not known here;
// [Nearest] finds the likest one of those that it can.
package phoneme

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Transcription is a sequence of sounds, never empty, with where its syllables
// and words begin. Two spellings of the same sounds are equal element by element.
type Transcription []Phone

// Phone is one sound. Its zero value is none.
type Phone struct {
	// Symbol is the base symbol, such as "ɡ", or two joined by a tie above,
	// such as "t͡ʃ".
	Symbol string
	// Marks are the diacritics, each once and in a fixed order.
	Marks string
	// Tone is a run of tone letters, such as "˧˥"; empty in most languages.
	Tone   string
	Length Length
	// Begins says what begins with this sound; the first one begins a word.
	Begins Boundary
	// Stress is that of the syllable that begins here. A sound within a
	// syllable has none, and neither has the first one of a weak syllable.
	Stress Stress
}

// Length is how long a sound is held.
type Length uint8

// The lengths of the alphabet, the usual one first.
const (
	Short Length = iota
	ExtraShort
	HalfLong
	Long
	Overlong
)

// Boundary is what begins at a sound.
type Boundary uint8

// The boundaries. A word's first sound also begins a syllable. Syllables begin
// where a dot or a stress mark says so; a transcription need not show them all.
const (
	Within Boundary = iota
	Syllable
	Word
)

// Stress is how strong a syllable is.
type Stress uint8

// The stresses of the alphabet.
const (
	Unstressed Stress = iota
	Secondary
	Primary
)

// Vowel reports whether p is a vowel.
func (p Phone) Vowel() bool {
	first, _ := utf8.DecodeRuneInString(p.Symbol)
	return sounds[first].kind == vowel
}

// Has reports whether p has a diacritic.
func (p Phone) Has(mark rune) bool { return strings.ContainsRune(p.Marks, mark) }

var lengthMarks = [...]string{Short: "", ExtraShort: "\u0306", HalfLong: "ˑ", Long: "ː", Overlong: "ːː"}

var stressMarks = [...]string{Unstressed: "", Secondary: "ˌ", Primary: "ˈ"}

// String is the transcription in IPA, as [ParseIPA] reads it.
func (t Transcription) String() string {
	var b strings.Builder
	for i, p := range t {
		switch {
		case i > 0 && p.Begins == Word:
			b.WriteByte(' ')
		case p.Begins == Syllable && p.Stress == Unstressed:
			b.WriteByte('.')
		}
		b.WriteString(stressMarks[p.Stress])
		b.WriteString(p.String())
	}
	return b.String()
}

// String is the sound alone, without stress.
func (p Phone) String() string { return p.Symbol + p.Marks + lengthMarks[p.Length] + p.Tone }

// Words are the transcription's words, in order; each is a part of t.
func (t Transcription) Words() []Transcription {
	var parts []Transcription
	start := 0
	for i := range t {
		if i > 0 && t[i].Begins >= Word {
			parts = append(parts, t[start:i:i])
			start = i
		}
	}
	if start < len(t) {
		parts = append(parts, t[start:])
	}
	return parts
}

// Error says what of a transcription cannot be read.
type Error struct {
	// Offset is where Symbol begins, in bytes of the text that was parsed;
	// it is the text's length when something is missing at the end.
	Offset int
	// Symbol is what cannot be read; empty at the end of the text.
	Symbol string
	// Reason says what is wrong with it, such as "is no symbol of the IPA".
	Reason string
}

// Error names the symbol, its code points where they may be hard to tell, and
// its place.
func (e *Error) Error() string {
	if e.Symbol == "" {
		return fmt.Sprintf("at byte %d: %s", e.Offset, e.Reason)
	}
	for _, r := range e.Symbol {
		if r >= utf8.RuneSelf {
			return fmt.Sprintf("at byte %d: %q (%U) %s", e.Offset, e.Symbol, []rune(e.Symbol), e.Reason)
		}
	}
	return fmt.Sprintf("at byte %d: %q %s", e.Offset, e.Symbol, e.Reason)
}
