package voices

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// Wish is the voice that a request asks for.
type Wish struct {
	Language string        // a BCP-47 tag without script; required
	Name     string        // empty: any voice of the language
	Gender   speech.Gender // a preference; it never makes a match fail
}

// What a wish's faults are about.
const (
	FieldName     = "voice name"
	FieldLanguage = "language"
)

var (
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{1,8})*$`)
	scriptTag   = regexp.MustCompile(`^([A-Za-z]{2,3})-[A-Za-z]{4}(-[A-Za-z0-9]+)*$`)
)

// AskForVoices is the advice of faults about a wish, in the API's words; protocols that
// list the voices in another way put their own in its place.
const AskForVoices = "ListVoices tells which voices there are."

// Match picks the voice for a wish. A name decides alone, but the language must
// be one of that voice's. Without a name the first of these that has a voice
// is taken: the language code itself, the same language in another region, a
// related language (such as "nb" for "no"). Among its voices those of the
// wished gender come first, then the order of the engines.
//
// Errors are INVALID_ARGUMENT about FieldLanguage or FieldName, or
// FAILED_PRECONDITION when the voice belongs to an engine that is not installed.
func (c *Catalogue) Match(wish Wish) (speech.Voice, error) {
	if err := checkLanguage(wish.Language); err != nil {
		return speech.Voice{}, err
	}
	if wish.Name != "" {
		return c.matchName(wish)
	}
	return c.matchLanguage(wish)
}

func checkLanguage(code string) error {
	const field = FieldLanguage
	underscored := strings.ReplaceAll(code, "_", "-")
	switch {
	case code == "":
		return fault.Invalid(field, "A language code is required, such as 'en-US'.")
	case scriptTag.MatchString(code):
		parts := strings.Split(code, "-")
		return fault.Invalid(field, "The language code '%s' has a script tag, which is not allowed here. Use '%s'.",
			code, strings.Join(slices.Delete(parts, 1, 2), "-"))
	case !languageTag.MatchString(code) && languageTag.MatchString(underscored):
		return fault.Invalid(field, "'%s' is not a BCP-47 language code. Did you mean '%s'?", code, underscored)
	case !languageTag.MatchString(code):
		return fault.Invalid(field, "'%s' is not a BCP-47 language code, such as 'en-US'.", fault.Excerpt(code))
	}
	return nil
}

func (c *Catalogue) matchName(wish Wish) (speech.Voice, error) {
	voice, ok := c.Lookup(wish.Name)
	if !ok {
		return voice, c.unknownName(wish)
	}
	if !speaksExactly(voice, wish.Language) {
		code := strings.ToLower(voice.Languages[0])
		return speech.Voice{}, fault.Invalid(FieldLanguage,
			"Requested language code '%s' doesn't match the voice '%s''s language code '%s'. "+
				"Either pick a different voice, or change the requested language code to %s.",
			wish.Language, voice.Name, code, code)
	}
	return voice, nil
}

func (c *Catalogue) unknownName(wish Wish) error {
	if isStar(wish.Name) {
		return fault.Invalid(FieldName, "This voice requires a model name to be specified. Set voice.model_name, or use a full name such as '%s-Chirp3-HD-%s'.", wish.Language, wish.Name)
	}
	for _, m := range c.missing {
		if strings.Contains(strings.ToLower(wish.Name), "-"+strings.ToLower(m.Engine)+"-") {
			return fault.New(fault.FailedPrecondition, "Voice '%s' can be used once the engine %s.", wish.Name, m.advice()).In(FieldName)
		}
	}
	hint := AskForVoices
	if near := c.nearest(wish.Name, wish.Language); len(near) > 0 {
		hint = "The nearest are " + strings.Join(near, ", ") + "; " + AskForVoices
	}
	return fault.Invalid(FieldName, "Voice '%s' does not exist. Is it misspelled? %s", fault.Excerpt(wish.Name), hint)
}

func (c *Catalogue) matchLanguage(wish Wish) (speech.Voice, error) {
	for _, suits := range nearness(wish.Language) {
		if voice, ok := c.first(suits, wish.Gender); ok {
			return voice, nil
		}
	}
	hints := []string{AskForVoices}
	for _, m := range c.missing {
		hints = append(hints, fmt.Sprintf("There may be more once the engine %s.", m.advice()))
	}
	return speech.Voice{}, fault.Invalid(FieldLanguage, "There is no voice for the language '%s'. %s", wish.Language, strings.Join(hints, " "))
}

// first is the preferred voice that suits, of the wished gender if there is one.
func (c *Catalogue) first(suits func(speech.Voice) bool, gender speech.Gender) (found speech.Voice, ok bool) {
	for _, v := range c.preferred {
		if !suits(v) {
			continue
		}
		if gender == speech.GenderUnspecified || gender == v.Gender {
			return v, true
		}
		if !ok {
			found, ok = v, true
		}
	}
	return found, ok
}

// advice reads after "the engine".
func (m Missing) advice() string {
	if m.Install == "" {
		return m.Engine + " is installed on the server"
	}
	return fmt.Sprintf("%s is installed on the server (%s)", m.Engine, m.Install)
}

// nearest are up to three names that resemble name, those of the wished
// language first; empty when nothing is near.
func (c *Catalogue) nearest(name, code string) []string {
	const most = 3
	if len(name) > 64 {
		return nil
	}
	type candidate struct {
		name     string
		distance int
	}
	var candidates []candidate
	for _, v := range c.preferred {
		d := editDistance(strings.ToLower(name), strings.ToLower(v.Name))
		if speaksExactly(v, code) || d <= len(name)/4 {
			candidates = append(candidates, candidate{v.Name, d})
		}
	}
	for _, v := range c.sorted { // listed under another name; those of other languages are too many to compare
		if _, other := c.speakers[strings.ToLower(v.Name)]; other && speaksExactly(v, code) {
			candidates = append(candidates, candidate{v.Name, editDistance(strings.ToLower(name), strings.ToLower(v.Name))})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, near := range candidates[:min(most, len(candidates))] {
		names = append(names, near.name)
	}
	return names
}

// editDistance is how many bytes must be added, dropped or changed between a and b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
