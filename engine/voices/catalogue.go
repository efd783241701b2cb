package voices

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lectern/lectern/speech"
)

// Catalogue is a fixed set of voices, with the rules by which one is picked
// (docs/contract.md 2.3, 2.6, 9, 10).
type Catalogue struct {
	preferred []speech.Voice // in the order of engines and of their voices
	sorted    []speech.Voice // by name
	byName    map[string]speech.Voice
	missing   []Missing
	google    bool                    // names of Google's form are served
	speakers  map[string]speech.Voice // who speaks under another name, by that in lower case
}

// Missing is an engine that could not be opened.
type Missing struct {
	Engine  string
	Install string // what an operator can do about it; may be empty
}

// New makes a catalogue of voices, the preferred first, and of the names that
// they have beside their own. It fails when names cannot be given.
func New(own []speech.Voice, names Names, missing []Missing) (*Catalogue, error) {
	c := &Catalogue{preferred: slices.Clone(own), byName: map[string]speech.Voice{}, missing: missing}
	c.sorted = slices.Clone(c.preferred)
	sortByName(c.sorted)
	for _, v := range c.preferred {
		c.byName[strings.ToLower(v.Name)] = v
	}
	return c, c.addNames(names)
}

func sortByName(voices []speech.Voice) {
	slices.SortFunc(voices, func(a, b speech.Voice) int { return cmp.Compare(a.Name, b.Name) })
}

// Speakers are the names of the voices that speak themselves, in the order of the
// engines, without those that are other names of theirs.
func (c *Catalogue) Speakers() []string {
	names := make([]string, len(c.preferred))
	for i, v := range c.preferred {
		names[i] = v.Name
	}
	return names
}

// Lookup finds a voice by its name, without regard to case. It may be another
// name of a voice ([Catalogue.Speaker]); then its sample rate is what goes with
// that name, and the sound still has the speaker's own.
func (c *Catalogue) Lookup(name string) (voice speech.Voice, ok bool) {
	if voice, ok = c.byName[strings.ToLower(name)]; ok {
		return voice, true
	}
	return c.unpublished(name)
}

// Missing are the engines whose voices are not in the catalogue because they
// could not be opened.
func (c *Catalogue) Missing() []Missing { return slices.Clone(c.missing) }

// List is the voices for a language code, sorted by name. The empty code means
// all; a bare language, such as "en", every region of it; "no" holds "nb" too;
// anything else only itself. An unknown code has no voices.
func (c *Catalogue) List(languageCode string) []speech.Voice {
	if languageCode == "" {
		return slices.Clone(c.sorted)
	}
	codes := []string{languageCode}
	if strings.EqualFold(languageCode, "no") {
		codes = append(codes, "nb")
	}
	var found []speech.Voice
	for _, v := range c.sorted {
		if slices.ContainsFunc(codes, func(code string) bool { return speaks(v, code) }) {
			found = append(found, v)
		}
	}
	return found
}

// speaks reports whether one of v's languages is code or, when code is a bare
// language, a region of it.
func speaks(v speech.Voice, code string) bool {
	return slices.ContainsFunc(v.Languages, func(tag string) bool {
		return strings.EqualFold(tag, code) ||
			!strings.Contains(code, "-") && strings.EqualFold(baseOf(tag), code)
	})
}

// speaksExactly reports whether code is one of v's languages.
func speaksExactly(v speech.Voice, code string) bool {
	return slices.ContainsFunc(v.Languages, func(tag string) bool { return strings.EqualFold(tag, code) })
}

// baseOf is the part of a tag before its region.
func baseOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}
