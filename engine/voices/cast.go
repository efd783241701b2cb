package voices

import (
	"slices"
	"strings"

	"github.com/lectern/lectern/speech"
)

// Google's voice for several speakers, whom it knows by letters: their sample of
// multi-speaker markup names it, and gives nobody a voice.
const (
	ensembleName     = "en-US-Studio-MultiSpeaker"
	ensembleLanguage = "en-US"
)

var ensemble = []string{"R", "S", "T", "U"}

// Ensemble returns the names of the voices that speak for the speakers of a voice
// for several, by the speakers; ok is false for any other voice.
func Ensemble(name string) (speakers map[string]string, ok bool) {
	if !strings.EqualFold(name, ensembleName) {
		return nil, false
	}
	speakers = map[string]string{}
	for _, letter := range ensemble {
		speakers[letter] = ensembleName + "-" + letter
	}
	return speakers, true
}

// addEnsemble enters the ensemble's speakers, and the first of them for all. They
// are not listed, as Google does not.
func (c *Catalogue) addEnsemble() {
	cast := castOf(c.preferred, ensembleLanguage, len(ensemble))
	for i, own := range cast {
		named := googleVoice(ensembleLanguage, "Studio", "MultiSpeaker-"+ensemble[i], own.Gender)
		c.enter(named, own)
		if i == 0 {
			named.Name = ensembleName
			c.enter(named, own)
		}
	}
}

// castOf picks n voices of a language, women and men by turns as far as there
// are any, and no voice twice while there are others: of its own region first. It
// picks none where the language has no voice.
func castOf(own []speech.Voice, language string, n int) []speech.Voice {
	var candidates []speech.Voice
	for _, suits := range nearness(language) {
		for _, v := range own {
			if suits(v) && !slices.ContainsFunc(candidates, func(c speech.Voice) bool { return c.Name == v.Name }) {
				candidates = append(candidates, v)
			}
		}
	}
	var cast []speech.Voice
	for left := slices.Clone(candidates); len(candidates) > 0 && len(cast) < n; {
		if len(left) == 0 {
			left = slices.Clone(candidates)
		}
		gender := speech.Female
		if len(cast)%2 == 1 {
			gender = speech.Male
		}
		at := max(0, slices.IndexFunc(left, func(v speech.Voice) bool { return v.Gender == gender }))
		cast = append(cast, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return cast
}
