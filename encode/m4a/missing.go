//go:build !cgo || noaac

package m4a

import "github.com/lectern/lectern/encode/driver"

const advice = "Build Lectern with cgo and without the tag noaac; it needs libvo-aacenc (apt-get install libvo-aacenc-dev)."

// Format is the encoding M4A, which this build was made without.
func Format() driver.Format { return driver.Missing{Encoding: encodingName, Advice: advice} }

// ADTS is the encoding AAC, which this build was made without.
func ADTS() driver.Format { return driver.Missing{Encoding: encodingNameADTS, Advice: advice} }
