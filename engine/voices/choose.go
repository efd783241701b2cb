package voices

import (
	"slices"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// Choice is the voice that a voice element of SSML asks for
// (docs/contract.md 4.8): a name, or at least one of the others. Empty fields were
// not given.
type Choice struct {
	Name     string
	Language string // a BCP-47 tag
	Gender   speech.Gender
	// Variant picks among the voices that fit equally well; 1 is the first.
	Variant int
	// Required and Ordering hold "name", "gender", "variant" and "language":
	// those without which there is no voice, and those to give way last, the
	// first of them the very last.
	Required, Ordering []string
	// Base is the voice that speaks around it.
	Base speech.Voice
}

// preferences are the criteria in the order in which they count when the
// document does not order them.
var preferences = []string{"name", "language", "gender", "variant"}

// Choose finds the voice for a choice. A voice that meets all criteria comes
// first; otherwise the criteria give way one after the other. A language is met
// by another region's voice, or a related language's, when it has none of its
// own. What is left of a tie goes to the base voice, then to the order of the
// engines.
//
// The error is INVALID_ARGUMENT: no voice has the name, or none meets what is
// required.
func (c *Catalogue) Choose(wish Choice) (speech.Voice, error) {
	language := wish.Language
	if language == "" && wish.Name == "" {
		language = wish.Base.Languages[0]
	}
	if wish.Name != "" {
		voice, ok := c.Lookup(wish.Name)
		if !ok {
			return voice, c.unknownName(Wish{Name: wish.Name, Language: wish.Base.Languages[0]})
		}
		return voice, nil
	}
	// Each criterion has tests, the strictest first.
	meets := map[string][]func(speech.Voice) bool{
		"language": nearness(language),
		"gender":   {func(v speech.Voice) bool { return wish.Gender == speech.GenderUnspecified || v.Gender == wish.Gender }},
	}
	order := slices.Concat(wish.Ordering, preferences)
	candidates := c.preferred
	for _, name := range order {
		tests, known := meets[name]
		if !known {
			continue
		}
		if fit := firstFit(candidates, speech.GenderUnspecified, tests); len(fit) > 0 {
			candidates = fit
		} else if slices.Contains(wish.Required, name) {
			return speech.Voice{}, fault.New(fault.InvalidArgument, "No voice meets the required %s. %s", name, AskForVoices)
		}
	}
	if len(candidates) == 0 {
		return wish.Base, nil
	}
	if wish.Variant > 0 {
		if wish.Variant <= len(candidates) {
			return candidates[wish.Variant-1], nil
		}
		if slices.Contains(wish.Required, "variant") {
			return speech.Voice{}, fault.New(fault.InvalidArgument, "There are %d such voices, and variant %d is required.", len(candidates), wish.Variant)
		}
		return candidates[(wish.Variant-1)%len(candidates)], nil
	}
	speaking := c.Speaker(wish.Base).Name
	if slices.ContainsFunc(candidates, func(v speech.Voice) bool { return v.Name == speaking }) {
		return wish.Base, nil
	}
	return candidates[0], nil
}
