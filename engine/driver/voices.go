package driver

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lectern/lectern/speech"
)

// ParseVoices reads a catalogue of voices: a line for each, the preferred
// first, with fields between tabs:
//
//	public name, languages (BCP-47, between commas, the own one first),
//	male or female, the engine's own name, natural sample rate in hertz,
//	license (SPDX), gain in dB to -20 LUFS
//
// Empty lines and lines that begin with # are passed over. No two may share a
// name.
func ParseVoices(tsv string) ([]speech.Voice, error) {
	var voices []speech.Voice
	seen := map[string]bool{}
	number := 0
	for line := range strings.Lines(tsv) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 7 {
			return nil, fmt.Errorf("voices, line %d: %d fields instead of 7", number, len(fields))
		}
		gender, ok := map[string]speech.Gender{"male": speech.Male, "female": speech.Female}[fields[2]]
		rate, rateErr := strconv.ParseUint(fields[4], 10, 17)
		gain, err := strconv.ParseFloat(fields[6], 64)
		switch {
		case !ok:
			return nil, fmt.Errorf("voices, line %d: the gender is %q", number, fields[2])
		case rateErr != nil || rate == 0:
			return nil, fmt.Errorf("voices, line %d: the natural sample rate is %q", number, fields[4])
		case fields[5] == "":
			return nil, fmt.Errorf("voices, line %d: there is no license", number)
		case err != nil:
			return nil, fmt.Errorf("voices, line %d: the gain is %q", number, fields[6])
		case !strings.HasPrefix(fields[0], strings.Split(fields[1], ",")[0]+"-"):
			return nil, fmt.Errorf("voices, line %d: the name %q does not begin with the language", number, fields[0])
		case seen[fields[0]] || seen[fields[3]]:
			return nil, fmt.Errorf("voices, line %d: %q is there twice", number, fields[0])
		}
		seen[fields[0]], seen[fields[3]] = true, true
		voices = append(voices, speech.Voice{
			Name: fields[0], Languages: strings.Split(fields[1], ","), Gender: gender, EngineName: fields[3],
			NaturalSampleRateHertz: int(rate), GainDB: gain, License: fields[5],
		})
	}
	return voices, nil
}
