package phoneme

import (
	"strings"
	"unicode"
)

// builder puts a transcription together from the symbols of either alphabet.
// Its methods return why a symbol cannot stand where it does, or "".
type builder struct {
	done   Transcription
	begins Boundary // what the next sound begins
	stress Stress
	tied   bool // whether the next sound is one with the last
}

const (
	tie            = '\u0361'
	longestTone    = 6
	noSound        = "has no sound before it"
	notHere        = "cannot stand here"
	nothingSpoken  = "there is no sound in it"
	unknownIPA     = "is no symbol of the IPA"
	unknownXSAMPA  = "is no symbol of X-SAMPA"
	tiesThree      = "ties more than two sounds"
	twoStresses    = "is a second stress mark for one syllable"
	tooManyLetters = "is one tone letter too many"
)

// sound adds a base symbol, or ties it to the last one.
func (b *builder) sound(r rune) string {
	if b.tied {
		last := &b.done[len(b.done)-1]
		last.Symbol += string(tie) + string(r)
		b.tied = false
		return ""
	}
	if len(b.done) == 0 {
		b.begins = Word
	}
	b.done = append(b.done, Phone{Symbol: string(r), Begins: b.begins, Stress: b.stress})
	b.begins, b.stress = Within, Unstressed
	return ""
}

// last is the sound to which what comes now belongs, or nil.
func (b *builder) last() *Phone {
	if len(b.done) == 0 || b.begins != Within || b.stress != Unstressed || b.tied {
		return nil
	}
	return &b.done[len(b.done)-1]
}

func (b *builder) join() string {
	last := b.last()
	switch {
	case last == nil:
		return noSound
	case strings.ContainsRune(last.Symbol, tie):
		return tiesThree
	}
	b.tied = true
	return ""
}

// mark adds a diacritic to the last sound.
func (b *builder) mark(r rune) string {
	last := b.last()
	switch {
	case last == nil:
		return noSound
	case r == '\u0306':
		return b.length(ExtraShort)
	case r == '\u0327': // c and a cedilla
		before, ok := strings.CutSuffix(last.Symbol, "c")
		if !ok {
			return unknownIPA
		}
		last.Symbol = before + "ç"
		return ""
	case last.Has(r):
		return ""
	}
	at := len(last.Marks)
	for i, other := range last.Marks {
		if before(r, other) {
			at = i
			break
		}
	}
	last.Marks = last.Marks[:at] + string(r) + last.Marks[at:]
	return ""
}

// before puts marks above and below a symbol before those that follow it.
func before(a, b rune) bool {
	if over := unicode.Is(unicode.Mn, a); over != unicode.Is(unicode.Mn, b) {
		return over
	}
	return a < b
}

func (b *builder) length(l Length) string {
	last := b.last()
	if last == nil {
		return noSound
	}
	if l == Long && last.Length >= Long {
		l = Overlong
	}
	last.Length = l
	return ""
}

func (b *builder) tone(r rune) string {
	last := b.last()
	switch {
	case last == nil:
		return noSound
	case len(last.Tone) >= longestTone*len(string(r)):
		return tooManyLetters
	}
	last.Tone += string(r)
	return ""
}

func (b *builder) accent(s Stress) string {
	if b.tied {
		return notHere
	}
	if b.stress != Unstressed {
		return twoStresses
	}
	b.stress = s
	b.begins = max(b.begins, Syllable)
	return ""
}

// boundary ends a syllable or a word. Those before the first sound are nothing.
func (b *builder) boundary(what Boundary) string {
	switch {
	case b.tied:
		return notHere
	case b.stress != Unstressed:
		return "comes between a stress mark and its syllable"
	}
	b.begins = max(b.begins, what)
	return ""
}

// end is the transcription, or why it is none. A boundary at the end is nothing.
func (b *builder) end() (Transcription, string) {
	switch {
	case b.tied:
		return nil, "a tie is without a sound after it"
	case b.stress != Unstressed:
		return nil, "a stress mark is without a sound after it"
	case len(b.done) == 0:
		return nil, nothingSpoken
	}
	return b.done, ""
}
