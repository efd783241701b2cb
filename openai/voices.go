package openai

import (
	"net/http"
	"strings"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// standIns are OpenAI's voices. Each is spoken by the voice that speaks for one of
// Google's names of the same gender: those are spread over what is installed, and
// a name keeps its voice as long as the same voices are installed.
var standIns = []struct {
	name, google string
	gender       speech.Gender
}{
	{"alloy", "Aoede", speech.Female},
	{"ash", "Algenib", speech.Male},
	{"ballad", "Iapetus", speech.Male},
	{"coral", "Kore", speech.Female},
	{"echo", "Puck", speech.Male},
	{"fable", "Fenrir", speech.Male},
	{"onyx", "Charon", speech.Male},
	{"nova", "Zephyr", speech.Female},
	{"sage", "Leda", speech.Female},
	{"shimmer", "Despina", speech.Female},
	{"verse", "Orus", speech.Male},
	{"marin", "Sulafat", speech.Female},
	{"cedar", "Enceladus", speech.Male},
}

// standInLanguage is the language of the stand-ins.
const standInLanguage = "en-US"

// wish is the voice that a request names: one of the catalogue's by any of its
// names, of which an operator may have given it one of OpenAI's, else a stand-in.
func (a *API) wish(name string) (voices.Wish, error) {
	catalogue := a.synth.Engines().Catalogue()
	if v, ok := catalogue.Lookup(name); ok {
		return voices.Wish{Language: v.Languages[0], Name: v.Name}, nil
	}
	for _, s := range standIns {
		if !strings.EqualFold(s.name, name) {
			continue
		}
		if v, ok := catalogue.Lookup(standInLanguage + "-Chirp3-HD-" + s.google); ok {
			return voices.Wish{Language: standInLanguage, Name: v.Name}, nil
		}
		return voices.Wish{Language: standInLanguage, Gender: s.gender}, nil
	}
	var names []string
	for _, s := range standIns {
		names = append(names, s.name)
	}
	return voices.Wish{}, refusal{fault.Invalid("voice", "There is no voice %s. Use one of %s, or a name that GET /v1/audio/voices lists.", quote(name), strings.Join(names, ", ")), "voice_not_found", http.StatusBadRequest}
}

// voices lists the stand-ins and the engines' own voices. Google's names are served
// and not listed: there are thousands, and whoever chooses from a list would find
// nothing.
func (a *API) voices(w http.ResponseWriter, _ *http.Request) error {
	var answer struct {
		Voices []named `json:"voices"`
	}
	for _, s := range standIns {
		answer.Voices = append(answer.Voices, named{ID: s.name, Name: s.name})
	}
	catalogue := a.synth.Engines().Catalogue()
	for _, v := range catalogue.List("") {
		if catalogue.Speaker(v).Name == v.Name {
			answer.Voices = append(answer.Voices, named{ID: v.Name, Name: v.Name})
		}
	}
	return writeJSON(w, http.StatusOK, answer)
}
