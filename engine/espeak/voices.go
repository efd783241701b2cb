// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	"fmt"

	"github.com/lectern/lectern/speech"
)

// row is one line of the table of voices.
type row struct {
	tag        string // BCP-47, the first of the voice's languages
	number     int    // unique within the tag
	engineName string // espeak-ng's identifier, with +VARIANT
	gender     speech.Gender
	also       []string // further languages
}

func (r row) voice(sampleRateHertz int) speech.Voice {
	return speech.Voice{
		Name:                   fmt.Sprintf("%s-Espeak-%d", r.tag, r.number),
		Languages:              append([]string{r.tag}, r.also...),
		Gender:                 r.gender,
		NaturalSampleRateHertz: sampleRateHertz,
		EngineName:             r.engineName,
	}
}
