package ssml

import (
	"regexp"
	"strconv"
	"time"
)

// form checks an attribute's value: it returns what the value should be, or
// nothing when it is.
type form func(value string) (want string)

func anyValue(string) string { return "" }

// MaxBreak is the longest pause that a break may ask for.
const MaxBreak = time.Minute

// lengthOfTime is a CSS time: a number with an optional + and a unit right
// behind it.
var lengthOfTime = regexp.MustCompile(`^\+?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ms|s)$`)

// parseLength reads a length of time such as "3s" or "+250.5ms". It is rounded
// to the nanosecond; longest is returned for all that exceeds it.
func parseLength(value string, longest time.Duration) (d time.Duration, ok bool) {
	found := lengthOfTime.FindStringSubmatch(value)
	if found == nil {
		return 0, false
	}
	number, err := strconv.ParseFloat(found[1], 64)
	unit := time.Second
	if found[2] == "ms" {
		unit = time.Millisecond
	}
	if err != nil || number*float64(unit) > float64(longest) {
		return longest, true // err is a number beyond float64
	}
	return time.Duration(number*float64(unit) + 0.5), true
}

func pauseLength(value string) string {
	d, ok := parseLength(value, MaxBreak+1)
	if !ok {
		return `a number and a unit without a space, such as "3s" or "250ms"`
	}
	if d > MaxBreak {
		return "at most " + strconv.Itoa(int(MaxBreak/time.Second)) + "s"
	}
	return ""
}

// strengths are the pauses of break's strengths. The contract has no lengths,
// only that they do not decrease; medium is about a full stop's pause.
var strengths = map[string]time.Duration{
	"none":     0,
	"x-weak":   150 * time.Millisecond,
	"weak":     300 * time.Millisecond,
	"medium":   500 * time.Millisecond,
	"strong":   800 * time.Millisecond,
	"x-strong": 1200 * time.Millisecond,
}

func strength(value string) string {
	if _, ok := strengths[value]; ok {
		return ""
	}
	return "one of none, x-weak, weak, medium, strong, x-strong"
}

// pause is how long a break lasts: its time if it has one, else that of its
// strength, which is medium if it has none.
func pause(e *Element) time.Duration {
	if value, ok := e.Attribute("time"); ok {
		d, _ := parseLength(value, MaxBreak)
		return d
	}
	if value, ok := e.Attribute("strength"); ok {
		return strengths[value]
	}
	return strengths["medium"]
}
