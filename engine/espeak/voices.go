// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	_ "embed"
	"math"

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
// `go run ./bench/loudness`.
//
//go:embed voices.tsv
var voicesTSV string

// The two voices of Mandarin: the one that is not offered, and the one that is.
const (
	letterMandarin = "sit/cmn"
	hanMandarin    = "sit/cmn-Latn-pinyin"
)

// mostNativeDB is the gain up to which the library's own volume is used: it costs
// nothing, but what it makes too loud is clipped and not limited.
const mostNativeDB = 1

// ownVolume is a voice's own volume.
const ownVolume = 100

// volumeOf is the volume of the library that gives a voice gainDB, within 0.1 dB;
// native is false, and the volume the voice's own, when the gain is left to others.
func volumeOf(gainDB float64) (volume int, native bool) {
	const steps = 55 // the library counts in 55ths
	if gainDB > mostNativeDB {
		return ownVolume, false
	}
	step := math.Round(steps * math.Pow(10, gainDB/20))
	return int(math.Ceil(step * ownVolume / steps)), true
}

// catalogue is all of them.
func catalogue() ([]speech.Voice, error) { return driver.ParseVoices(voicesTSV) }
