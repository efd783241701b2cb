package phoneme

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ParseIPA reads a transcription in the International Phonetic Alphabet:
// stress marks before their syllable, dots between syllables, spaces between
// words, length marks, ties, tone letters and the alphabet's diacritics, composed
// or not. What keyboards make of it is understood: g for ɡ, an apostrophe for
// a stress mark, a colon for a length mark. Arrows of intonation, links and
// groups of words, of which a word's pronunciation has no need, are left out.
//
// An error is an [*Error]. The time is linear in the text's length.
func ParseIPA(s string) (Transcription, error) {
	var b builder
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		if why := readIPA(&b, r); why != "" {
			return nil, &Error{Offset: at, Symbol: s[at : at+size], Reason: why}
		}
		at += size
	}
	done, why := b.end()
	if why != "" {
		return nil, &Error{Offset: len(s), Reason: why}
	}
	return done, nil
}

func readIPA(b *builder, r rune) string {
	if r == utf8.RuneError {
		return unknownIPA
	}
	if like, ok := keyboard[r]; ok {
		r = like
	}
	if _, ok := sounds[r]; ok {
		return b.sound(r)
	}
	if pair, ok := ligatures[r]; ok {
		for i, part := range pair {
			if i > 0 {
				if why := b.join(); why != "" {
					return why
				}
			}
			if why := b.sound(part); why != "" {
				return why
			}
		}
		return ""
	}
	switch r {
	case 'ˈ':
		return b.accent(Primary)
	case 'ˌ':
		return b.accent(Secondary)
	case '.':
		return b.boundary(Syllable)
	case '|', '‖':
		return b.boundary(Word)
	case 'ː':
		return b.length(Long)
	case 'ˑ':
		return b.length(HalfLong)
	case tie, '\u035c':
		return b.join()
	case '˥', '˦', '˧', '˨', '˩':
		return b.tone(r)
	case '‿', '↗', '↘', '↑', '↓', 'ꜛ', 'ꜜ':
		return ""
	}
	switch {
	case unicode.IsSpace(r):
		return b.boundary(Word)
	case marks[r]:
		return b.mark(r)
	}
	// Letters that have a diacritic built in.
	parts := []rune(norm.NFD.String(string(r)))
	if len(parts) < 2 {
		return unknownIPA
	}
	for i, part := range parts {
		if _, ok := sounds[part]; i == 0 && !ok || i > 0 && !marks[part] {
			return unknownIPA
		}
	}
	for _, part := range parts {
		if why := readIPA(b, part); why != "" {
			return why
		}
	}
	return ""
}
