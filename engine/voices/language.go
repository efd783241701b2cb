package voices

import (
	"strings"

	"github.com/lectern/lectern/speech"
)

// related are languages that stand in for one that has no voice: other names of
// it, or the one whose letters are read most alike.
var related = map[string]string{
	"no": "nb", "nb": "no", "nn": "nb", "zh": "cmn", "iw": "he", "in": "id",
	"fil": "id", "tl": "id", "gl": "es",
}

// nearness is what a voice may speak when a language is wished, the nearest
// first: the tag itself, another region of the language, a related language.
func nearness(tag string) []func(speech.Voice) bool {
	base := strings.ToLower(baseOf(tag))
	region := strings.TrimPrefix(strings.ToLower(tag), base)
	steps := []func(speech.Voice) bool{
		func(v speech.Voice) bool { return speaksExactly(v, tag) },
		func(v speech.Voice) bool { return speaks(v, base) },
	}
	if other, ok := related[base]; ok {
		steps = append(steps,
			func(v speech.Voice) bool { return speaksExactly(v, other+region) },
			func(v speech.Voice) bool { return speaks(v, other) })
	}
	return steps
}

// firstFit are the voices of a gender, or of any, that pass the first test that
// any of them passes.
func firstFit(voices []speech.Voice, gender speech.Gender, tests []func(speech.Voice) bool) []speech.Voice {
	for _, suits := range tests {
		var fit []speech.Voice
		for _, v := range voices {
			if (gender == speech.GenderUnspecified || gender == v.Gender) && suits(v) {
				fit = append(fit, v)
			}
		}
		if len(fit) > 0 {
			return fit
		}
	}
	return nil
}

// ofLanguage are the voices nearest to a language: of the gender, if it has any.
func ofLanguage(voices []speech.Voice, tag string, gender speech.Gender) []speech.Voice {
	tests := nearness(tag)
	if fit := firstFit(voices, gender, tests); len(fit) > 0 {
		return fit
	}
	return firstFit(voices, speech.GenderUnspecified, tests)
}

// InLanguage is the voice that says words of another language in the middle of
// what voice says (docs/contract.md 4.9: the same voice speaks, as well as it
// can): one of siblings, the voices of its engine, for that language, of the same
// gender if there is one, else voice itself.
func InLanguage(siblings []speech.Voice, voice speech.Voice, tag string) speech.Voice {
	if speaks(voice, tag) {
		return voice
	}
	if fit := ofLanguage(siblings, tag, voice.Gender); len(fit) > 0 {
		return fit[0]
	}
	return voice
}
