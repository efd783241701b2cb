package command

import (
	"math"
	"strings"
	"time"
)

// estimate foretells when something that grows in steps will be whole, by the speed
// that it has had lately: over the last third of the time, or longer while that is
// short. It knows nothing before it has seen some steps.
type estimate struct {
	begun, last time.Time // the first look, and the last step
	at          float64   // percent
	steps       int
	// done and took are percent and seconds, the earlier the less they count.
	done, took float64
}

const (
	// leastSteps and leastTime are from when on the end is foretold.
	leastSteps = 3
	leastTime  = 3 * time.Second
	// shortMemory is how long a step counts for at least, in seconds.
	shortMemory = 40.0
)

// see notes how far it is now. What is seen first is where it began.
func (e *estimate) see(now time.Time, percent float64) {
	if e.begun.IsZero() {
		e.begun, e.last, e.at = now, now, percent
		return
	}
	if percent <= e.at {
		return
	}
	took := now.Sub(e.last).Seconds()
	kept := e.kept(now, took)
	e.done, e.took = kept*e.done+percent-e.at, kept*e.took+took
	e.last, e.at = now, percent
	e.steps++
}

// kept is how much counts still what was seen before the last seconds.
func (e *estimate) kept(now time.Time, seconds float64) float64 {
	return math.Exp(-seconds / max(shortMemory, now.Sub(e.begun).Seconds()/3))
}

// speed is percent a second. A step that is late makes it less.
func (e *estimate) speed(now time.Time) float64 {
	_, late := e.idle(now)
	kept := e.kept(now, late)
	return kept * e.done / (kept*e.took + late)
}

// idle are the seconds since the last step: those in which none had to come, and by
// how many it is late.
func (e *estimate) idle(now time.Time) (due, late float64) {
	idle := now.Sub(e.last).Seconds()
	due = min(idle, 2*e.last.Sub(e.begun).Seconds()/float64(e.steps))
	return due, idle - due
}

// known reports whether anything can be foretold.
func (e *estimate) known(now time.Time) bool {
	return e.steps >= leastSteps && now.Sub(e.begun) >= leastTime && e.took > 0
}

// left is the time to the end, while that is ahead: a second at least.
func (e *estimate) left(now time.Time) (left time.Duration, ok bool) {
	if !e.known(now) || e.at >= 100 {
		return 0, false
	}
	due, _ := e.idle(now)
	seconds := (100-e.at)/e.speed(now) - due
	return max(time.Duration(seconds*float64(time.Second)), time.Second), true
}

// roughly writes a time that nobody knows to the second.
func roughly(d time.Duration) string {
	grain := time.Second
	switch {
	case d >= time.Hour:
		grain = 5 * time.Minute
	case d >= 10*time.Minute:
		grain = time.Minute
	case d >= time.Minute:
		grain = 10 * time.Second
	}
	text := d.Round(grain).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}
