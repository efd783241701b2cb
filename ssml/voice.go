package ssml

import (
	"strconv"
	"strings"
)

// newVoice is what the voice e asks for, the same pointer for all that ask for
// the same.
func newVoice(e *Element, known map[voiceKey]*Voice) *Voice {
	var key voiceKey
	for _, a := range e.Attributes {
		switch a.Name {
		case "name":
			key.name = a.Value
		case "gender":
			key.gender = a.Value
		case "variant":
			key.variant = a.Value
		case "language":
			key.language = a.Value
		case "required":
			key.required = a.Value
		case "ordering":
			key.ordering = a.Value
		}
	}
	if v := known[key]; v != nil {
		return v
	}
	number, _ := strconv.Atoi(key.variant)
	v := &Voice{
		Name: key.name, Gender: key.gender, Variant: number, Language: key.language,
		Required: strings.Fields(key.required), Ordering: strings.Fields(key.ordering),
	}
	known[key] = v
	return v
}

// voiceKey is a Voice as the document spells it.
type voiceKey struct{ name, gender, variant, language, required, ordering string }
