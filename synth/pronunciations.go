package synth

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

// given is what is settled about a sentence before it is put into words. All
// places are bytes of the sentence.
type given struct {
	fixed []textnorm.Fixed
	ipa   []string // of each of fixed; empty: its words are read as they are
	marks []Mark
}

// fixed settles what spans and the request's pronunciations say about a
// sentence that begins at the byte from of its run.
func (l *layout) fixed(r run, text string, from int, spans []ssml.Span) given {
	var g given
	known := l.dictionaries(r.speaker.language)
	plain := 0 // where the text that nothing was said about begins
	for _, span := range spans {
		start, end := span.Start-from, span.End-from
		switch {
		case span.Mark != "":
			g.marks = append(g.marks, Mark{Name: span.Mark, At: start})
			continue
		case span.IPA != "":
			known.in(text[plain:start], plain, &g)
			spoken := textnorm.Clean(text[start:end]).Text
			if !textnorm.Speakable(spoken) {
				spoken = lettersOf(span.IPA)
			}
			g.add(textnorm.Fixed{Span: textnorm.Span{Start: start, End: end}, Spoken: spoken}, span.IPA)
			plain = end
		case span.SayAs != nil:
			words := r.speaker.words
			if span.SayAs.Language != "" {
				words = textnorm.ForLanguage(span.SayAs.Language)
			}
			spoken, ok := words.SayAs(text[start:end], textnorm.SayAs{
				InterpretAs: span.SayAs.InterpretAs, Format: span.SayAs.Format,
				Detail: span.SayAs.Detail, ZeroAsZero: span.SayAs.ZeroAsZero,
			})
			if !ok {
				continue // read as any text
			}
			known.in(text[plain:start], plain, &g)
			g.add(textnorm.Fixed{Span: textnorm.Span{Start: start, End: end}, Spoken: spoken.Text}, "")
			plain = end
		}
	}
	known.in(text[plain:], plain, &g)
	return g
}

func (g *given) add(f textnorm.Fixed, ipa string) {
	g.fixed = append(g.fixed, f)
	g.ipa = append(g.ipa, ipa)
}

// pronunciations are those of g, placed in the spoken sentence.
func (g *given) pronunciations(spoken textnorm.Spoken) []speech.Pronunciation {
	var found []speech.Pronunciation
	next := 0 // of spoken.Words
	for i, f := range g.fixed {
		if g.ipa[i] == "" {
			continue
		}
		for next < len(spoken.Words) && spoken.Words[next].Source.Start < f.Start {
			next++
		}
		token := speech.Token{Start: -1}
		for ; next < len(spoken.Words) && spoken.Words[next].Source.End <= f.End; next++ {
			if token.Start < 0 {
				token.Start = spoken.Words[next].Start
			}
			token.End = spoken.Words[next].End
		}
		if token.Start >= 0 {
			found = append(found, speech.Pronunciation{Token: token, IPA: g.ipa[i]})
		}
	}
	return found
}

// lettersOf are the letters of a transcription that any engine can read: a poor
// likeness for those that take no transcriptions.
func lettersOf(ipa string) string {
	letters := strings.Map(func(c rune) rune {
		if c < utf8.RuneSelf && (unicode.IsLetter(c) || c == ' ') {
			return c
		}
		return -1
	}, ipa)
	if strings.TrimSpace(letters) == "" {
		return "a"
	}
	return letters
}

// phrases are pronunciations by the first token of their phrases, the longest
// first.
type phrases map[string][]Pronunciation

func newPhrases(all []Pronunciation) phrases {
	if len(all) == 0 {
		return nil
	}
	p := phrases{}
	for _, one := range all {
		one.Phrase = strings.TrimSpace(one.Phrase)
		first := one.Phrase[:tokenEnd(one.Phrase, 0)]
		p[first] = append(p[first], one)
	}
	for _, same := range p {
		slices.SortStableFunc(same, func(a, b Pronunciation) int { return len(b.Phrase) - len(a.Phrase) })
	}
	return p
}

// dictionaries are sets of phrases, of which the first that has one counts.
type dictionaries []phrases

// in settles the phrases that stand in text, which begins at the byte from of
// its sentence.
func (all dictionaries) in(text string, from int, g *given) {
	if len(all) == 0 {
		return
	}
	for at := 0; at < len(text); {
		end := tokenEnd(text, at)
		if one, ok := all.at(text, at, end); ok {
			spoken := one.Phrase
			if one.Spoken != "" {
				spoken = one.Spoken
			}
			behind := at + len(one.Phrase)
			g.add(textnorm.Fixed{Span: textnorm.Span{Start: from + at, End: from + behind}, Spoken: spoken}, one.IPA)
			end = behind
		}
		at = end
	}
}

// at finds the phrase that stands at a byte of text, whose first token ends at end.
func (all dictionaries) at(text string, at, end int) (Pronunciation, bool) {
	for _, p := range all {
		for _, one := range p[text[at:end]] {
			behind := at + len(one.Phrase)
			if strings.HasPrefix(text[at:], one.Phrase) && tokenEnd(text, at+lastToken(one.Phrase)) == behind {
				return one, true
			}
		}
	}
	return Pronunciation{}, false
}

// tokenEnd is where the token that begins at the byte at of text ends: a run of
// letters and digits, or any other single character.
func tokenEnd(text string, at int) int {
	for end := at; end < len(text); {
		c, size := utf8.DecodeRuneInString(text[end:])
		if !inWord(c) {
			if end == at {
				return at + size
			}
			return end
		}
		end += size
	}
	return len(text)
}

// lastToken is where the last token of a phrase begins.
func lastToken(phrase string) int {
	at := 0
	for {
		end := tokenEnd(phrase, at)
		if end >= len(phrase) {
			return at
		}
		at = end
	}
}

func inWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }
