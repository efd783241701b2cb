package engine

import "github.com/lectern/lectern/speech"

// InLanguage is the voice that says words of another language in the middle of
// what voice says (contract section 4.9: the same voice speaks, as well as it
// can): a voice of the same engine for that language, of the same gender if
// there is one, else voice itself.
func (e *Engine) InLanguage(voice speech.Voice, tag string) speech.Voice {
	p := e.pools[e.catalogue.Speaker(voice).Name]
	if p == nil || speaks(voice, tag) {
		return voice
	}
	for _, suits := range []func(speech.Voice) bool{
		func(v speech.Voice) bool { return speaksExactly(v, tag) && v.Gender == voice.Gender },
		func(v speech.Voice) bool { return speaks(v, baseOf(tag)) && v.Gender == voice.Gender },
		func(v speech.Voice) bool { return speaks(v, baseOf(tag)) },
	} {
		for _, v := range p.info.Voices {
			if suits(v) {
				return v
			}
		}
	}
	return voice
}
