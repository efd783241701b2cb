// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	_ "embed"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

const license = "GPL-3.0-or-later"

// voicesTSV is every voice that Lectern offers of espeak-ng 1.51. The names,
// TAG-Espeak-NUMBER, are public and never change: a new voice takes the next
// free number of its tag. Voices of one language stand together, the preferred
// region first, and within a tag the preferred voice first.
//
// espeak-ng's own voices are male; for each tag its first voice is offered once
// more in the female variant f3. Mandarin is that of sit/cmn-Latn-pinyin alone:
// sit/cmn takes many characters for their pinyin in English letters and reads
// 你 as "knee three". The gains are written by
// `go run ./internal/loudness`.
//
//go:embed voices.tsv
var voicesTSV string

// catalogue is all of them.
func catalogue() ([]speech.Voice, error) { return driver.ParseVoices(voicesTSV) }
