package engine

import (
	"strings"

	"github.com/lectern/lectern/speech"
)

// related are languages that stand in for one that has no voice.
var related = map[string]string{"no": "nb", "nb": "no", "nn": "nb", "zh": "cmn", "iw": "he", "in": "id"}

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

// InLanguage is the voice that says words of another language in the middle of
// what voice says (contract section 4.9: the same voice speaks, as well as it
// can): a voice of the same engine for that language, of the same gender if
// there is one, else voice itself.
func (e *Engine) InLanguage(voice speech.Voice, tag string) speech.Voice {
	p := e.pools[e.catalogue.Speaker(voice).Name]
	if p == nil || speaks(voice, tag) {
		return voice
	}
	for _, anyGender := range []bool{false, true} {
		for _, suits := range nearness(tag) {
			for _, v := range p.info.Voices {
				if suits(v) && (anyGender || v.Gender == voice.Gender) {
					return v
				}
			}
		}
	}
	return voice
}
