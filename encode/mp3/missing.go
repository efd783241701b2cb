//go:build !cgo || nomp3

package mp3

import "github.com/lectern/lectern/encode/driver"

const advice = "Build Lectern with cgo and without the tag nomp3; it needs libmp3lame (apt-get install libmp3lame-dev)."

// MP3 is the encoding MP3, which this build was made without.
func MP3() driver.Format { return driver.Missing{Encoding: "MP3", Advice: advice} }

// MP3Kbps64 is the encoding MP3_64_KBPS, which this build was made without.
func MP3Kbps64() driver.Format { return driver.Missing{Encoding: "MP3_64_KBPS", Advice: advice} }

// Spoken is MP3 that is heard as it comes, which this build was made without.
func Spoken() driver.Format { return MP3() }
