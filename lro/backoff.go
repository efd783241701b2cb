package lro

import (
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	firstPause       = 100 * time.Millisecond
	longestPause     = 4 * time.Second
	longestOfDiscard = 10 * time.Minute
)

// backOff is how long a task rests that has been tried so often already.
func backOff(role driver.Role, tries int) time.Duration {
	longest := longestPause
	if role == driver.Discard {
		longest = longestOfDiscard
	}
	return min(firstPause<<min(tries, 20), longest)
}
