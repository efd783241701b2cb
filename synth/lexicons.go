package synth

import (
	"slices"
	"strings"
	"sync"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lexicon"
	"github.com/lectern/lectern/textnorm"
)

// Lexicons are dictionaries by name. The one without a name holds for every
// request, others for those that name them. They win over all rules of a language
// and over what an engine knows, for every engine; what a request itself says wins
// over them.
type Lexicons map[string][]lexicon.Entry

// lexicons are Lexicons, and what was made of them for a language.
type lexicons struct {
	all  Lexicons
	mu   sync.Mutex
	made map[[2]string]phrases // by name and language
}

// phrases are those of a lexicon for a language; nil if it has none.
func (l *lexicons) phrases(name, language string) phrases {
	if len(l.all[name]) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := [2]string{name, strings.ToLower(language)}
	p, ok := l.made[key]
	if !ok {
		p = newPhrases(pronunciationsOf(l.all[name], language))
		if l.made == nil {
			l.made = map[[2]string]phrases{}
		}
		l.made[key] = p
	}
	return p
}

// pronunciationsOf are the entries for a language, those for its region before
// those for the whole of it, those for all languages last.
func pronunciationsOf(entries []lexicon.Entry, language string) (all []Pronunciation) {
	var own []lexicon.Entry
	for _, e := range entries {
		if e.Holds(language) {
			own = append(own, e)
		}
	}
	slices.SortStableFunc(own, func(a, b lexicon.Entry) int { return len(b.Language) - len(a.Language) })
	for _, e := range own {
		all = append(all, Pronunciation{Phrase: e.Written, Spoken: e.Spoken, IPA: e.IPA})
	}
	return all
}

// checkLexicons refuses names of lexicons that there are not.
func (s *Synth) checkLexicons(names []string) error {
	for _, name := range names {
		if _, ok := s.lexicons.all[name]; !ok || name == "" {
			return fault.New(fault.InvalidArgument, "There is no lexicon %q on this server. Start it with --lexicon %s=FILE.", name, name)
		}
	}
	return nil
}

// dictionaries are those that hold for text of a language: the request's own, then
// those that it names, then the server's.
func (l *layout) dictionaries(language string) (all dictionaries) {
	if l.phrases != nil {
		all = append(all, l.phrases)
	}
	for _, name := range append(slices.Clip(l.named), "") {
		if p := l.synth.lexicons.phrases(name, language); p != nil {
			all = append(all, p)
		}
	}
	return all
}

// InLexicon are the pieces of a text that entries for a language say how to speak.
// Where that is in IPA they are kept as they are written.
func InLexicon(entries []lexicon.Entry, language, text string) []textnorm.Fixed {
	var g given
	if p := newPhrases(pronunciationsOf(entries, language)); p != nil {
		dictionaries{p}.in(text, 0, &g)
	}
	return g.fixed
}
