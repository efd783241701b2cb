package voices

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
)

// Names are names that voices have beside their own.
type Names struct {
	// Google says what becomes of Google's names.
	Google GoogleNames
	// Map gives any name to a voice, by that voice's name. It comes before
	// Google's.
	Map map[string]string
}

// GoogleNames says what becomes of Google's names.
type GoogleNames int

const (
	// GoogleRefused: there is no such voice.
	GoogleRefused GoogleNames = iota
	// GoogleServed: the nearest voice speaks.
	GoogleServed
	// GoogleListed: and they are listed.
	GoogleListed
)

var otherName = regexp.MustCompile(`^[\pL\pN][\pL\pN._:/@+ -]*$`)

// longestName is that of another name, in characters.
const longestName = 128

// addNames enters other names of c's own voices.
func (c *Catalogue) addNames(names Names) error {
	c.speakers = map[string]speech.Voice{}
	listed, retired := publishedVoices()
	if c.google = names.Google != GoogleRefused; c.google {
		type share struct { // of a language's names; there are few, and many names
			code   string
			gender speech.Gender
		}
		fit := map[share][]speech.Voice{}
		for _, v := range slices.Concat(listed, retired) {
			of := share{v.Languages[0], v.Gender}
			if _, found := fit[of]; !found {
				fit[of] = standIns(c.preferred, of.code, of.gender)
			}
			if speaker, ok := among(fit[of], v); ok {
				c.enter(v, speaker)
			}
		}
		c.addEnsemble()
	}
	if names.Google == GoogleListed {
		for _, v := range listed {
			if v, served := c.byName[strings.ToLower(v.Name)]; served {
				c.sorted = append(c.sorted, v)
			}
		}
	}
	if err := c.addMap(names.Map, slices.Concat(listed, retired)); err != nil {
		return err
	}
	sortByName(c.sorted)
	return nil
}

// addMap enters the names of an operator's map and lists them. One that is
// Google's keeps what goes with it there: language, gender and rate; any other
// name has those of its voice.
func (c *Catalogue) addMap(names map[string]string, google []speech.Voice) error {
	targets := map[string]speech.Voice{} // found before any is entered: no name leads to another of the map
	spelt := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !otherName.MatchString(name) || utf8.RuneCountInString(name) > longestName {
			return fmt.Errorf("voices: %q cannot be a voice's name: letters, digits, spaces and ._:/@+- are allowed, %d in all", name, longestName)
		}
		if other, twice := spelt[strings.ToLower(name)]; twice {
			return fmt.Errorf("voices: the names %q and %q are one name, and are given to two voices", other, name)
		}
		target, ok := c.Lookup(names[name])
		if !ok {
			return fmt.Errorf("voices: the name %q is given to the voice %q, and there is no such voice", name, names[name])
		}
		spelt[strings.ToLower(name)], targets[name] = name, target
	}
	speakers := map[string]speech.Voice{}
	for name, target := range targets {
		speakers[name] = c.Speaker(target)
	}
	for name, named := range targets {
		named.Name = name
		if i := slices.IndexFunc(google, func(v speech.Voice) bool { return strings.EqualFold(v.Name, name) }); i >= 0 {
			named = google[i]
		} else if unpublished, ok := unpublishedVoice(name); ok {
			named = unpublished
		}
		c.enter(named, speakers[name])
		c.sorted = slices.DeleteFunc(c.sorted, func(v speech.Voice) bool { return strings.EqualFold(v.Name, name) })
		c.sorted = append(c.sorted, c.byName[strings.ToLower(name)])
	}
	return nil
}

// enter makes speaker the voice behind another name.
func (c *Catalogue) enter(named, speaker speech.Voice) {
	// Whoever lists voices to find one of a gender must hear that gender.
	if speaker.Gender != speech.GenderUnspecified {
		named.Gender = speaker.Gender
	}
	named.Neural = speaker.Neural
	named.EngineName, named.GainDB, named.License = speaker.EngineName, speaker.GainDB, speaker.License
	c.byName[strings.ToLower(named.Name)] = named
	c.speakers[strings.ToLower(named.Name)] = speaker
}

// Speaker is the engine's own voice that speaks when voice is asked for: voice
// itself unless its name is another one's.
func (c *Catalogue) Speaker(voice speech.Voice) speech.Voice {
	if own, ok := c.speakers[strings.ToLower(voice.Name)]; ok {
		return own
	}
	if _, known := c.byName[strings.ToLower(voice.Name)]; known || !c.google {
		return voice
	}
	if google, ok := unpublishedVoice(voice.Name); ok {
		if own, ok := standIn(c.preferred, google); ok {
			return own
		}
	}
	return voice
}

// unpublished finds the voice of a name that is only of the form of Google's.
func (c *Catalogue) unpublished(name string) (voice speech.Voice, ok bool) {
	if !c.google {
		return voice, false
	}
	voice, ok = unpublishedVoice(name)
	if !ok {
		return voice, false
	}
	own, ok := standIn(c.preferred, voice)
	if !ok {
		return speech.Voice{}, false
	}
	voice.Gender, voice.EngineName, voice.GainDB, voice.License, voice.Neural = own.Gender, own.EngineName, own.GainDB, own.License, own.Neural
	return voice, true
}
