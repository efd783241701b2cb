//go:build !cgo || noopus

package oggopus

import "github.com/lectern/lectern/encode/driver"

// Format is the encoding OGG_OPUS, which this build was made without.
func Format() driver.Format {
	return driver.Missing{Encoding: encodingName, Advice: "Build Lectern with cgo and without the tag noopus; it needs libopus (apt-get install libopus-dev)."}
}
