package catalogue

import (
	"regexp"
	"strings"

	"github.com/lectern/lectern/internal/voicestore"
)

var (
	licenceLine = regexp.MustCompile(`(?im)^[\s*#>-]*licen[cs]e[sd]?\**\s*:\**\s*(.+?)\s*$`)
	forbidding  = regexp.MustCompile(`(?i)\bnc\b|-nc|non[- ]?commercial|blizzard|research (use )?only|research licen|academic|personal use|not for commercial`)
	asking      = regexp.MustCompile(`(?i)\bsa\b|-sa\b|share[- ]?alike|\bnd\b|-nd\b|no[- ]?deriv|gpl|odbl|unknown|proprietary|all rights reserved|/by-sa|/by-nd`)
	dedicating  = regexp.MustCompile(`(?i)\bcc[- ]?0|publicdomain|public[- ]domain|\bmit\b|\bapache|\bbsd\b|\bunlicense|\bisc\b|opensource\.org/licenses/mit`)
	crediting   = regexp.MustCompile(`(?i)\bcc[- ]by\b|creative commons attribution|licenses/by/|\battribution\b`)
)

// classify says what a licence asks for, by its name or its address. Whatever it
// does not know is unclear, and of several the strictest counts.
func classify(licence string) voicestore.Class {
	switch {
	case forbidding.MatchString(licence):
		return voicestore.NonCommercial
	case asking.MatchString(licence):
		return voicestore.Unclear
	case crediting.MatchString(licence):
		return voicestore.Attribution
	case dedicating.MatchString(licence):
		return voicestore.Free
	}
	return voicestore.Unclear
}

var strictness = map[voicestore.Class]int{
	voicestore.Free: 0, voicestore.Attribution: 1, voicestore.Unclear: 2, voicestore.NonCommercial: 3,
}

// Card reads the licence out of a MODEL_CARD of Piper's: all its lines "License:
// ...", the strictest of which is its class. Where another line forbids commerce,
// so does the class. A card without such a line is unclear.
func Card(card string) (licence string, class voicestore.Class) {
	var said []string
	class = voicestore.Free
	for _, m := range licenceLine.FindAllStringSubmatch(card, -1) {
		said = append(said, m[1])
		if c := classify(m[1]); strictness[c] > strictness[class] {
			class = c
		}
	}
	if len(said) == 0 {
		said, class = []string{"not said"}, voicestore.Unclear
	}
	if restrictive.MatchString(card) {
		class = voicestore.NonCommercial
	}
	return strings.Join(said, "; "), class
}

// restrictive is what forbids commerce wherever it stands in a card. That a
// voice was trained from one of the Blizzard challenge's is told by its credit
// and does not count: the line of its own licence does.
var restrictive = regexp.MustCompile(`(?i)non[- ]?commercial|research (use )?only|not for commercial|by-nc`)
