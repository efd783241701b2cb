package ssml

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// leadingNumber reads the number without a sign that s begins with, such as
// "3", "2.28", ".5" or "1.", and returns what follows it. It is at most
// math.MaxFloat64.
func leadingNumber(s string) (number float64, rest string, ok bool) {
	whole := digits(s)
	end := whole
	if end < len(s) && s[end] == '.' {
		end++
		end += digits(s[end:])
	}
	if whole == 0 && end <= 1 {
		return 0, s, false
	}
	number, err := strconv.ParseFloat(s[:end], 64)
	if err != nil { // too large
		number = math.MaxFloat64
	}
	return number, s[end:], true
}

// digits is how many digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// leadingSign reads a sign if s begins with one.
func leadingSign(s string) (sign float64, signed bool, rest string) {
	switch {
	case strings.HasPrefix(s, "-"):
		return -1, true, s[1:]
	case strings.HasPrefix(s, "+"):
		return 1, true, s[1:]
	}
	return 1, false, s
}

// length is number of unit, rounded to the nanosecond; longest at most.
func length(number float64, unit time.Duration) time.Duration {
	if number *= float64(unit); number < float64(longest) {
		return time.Duration(number + 0.5)
	}
	return longest
}

var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "min": time.Minute, "h": time.Hour,
}

// parseLength reads a length of time such as "3s" or "+250.5ms": a number with
// a + if one likes, and a unit (h, min, s, ms) right behind it.
func parseLength(value string) (d time.Duration, ok bool) {
	number, unit, ok := leadingNumber(strings.TrimPrefix(value, "+"))
	size, known := units[unit]
	if !ok || !known {
		return 0, false
	}
	return length(number, size), true
}

// parseTime reads a time specification (docs/contract.md 4.6): an offset such
// as "-0.5s" or "2", or a syncbase such as "question.end+2.0s".
func parseTime(value string) (t *Time, ok bool) {
	t = &Time{}
	rest := strings.TrimLeft(value, space)
	if base := baseLength(value); base > 0 {
		dot := strings.LastIndexByte(value[:base], '.')
		t.ID, t.AtEnd, rest = value[:dot], value[dot:base] == ".end", strings.TrimLeft(value[base:], space)
	}
	sign, signed, rest := leadingSign(rest)
	if !signed && t.ID != "" {
		return nil, false
	}
	rest = strings.TrimLeft(rest, space)
	if digits(rest) == 0 {
		return nil, false
	}
	number, rest, ok := leadingNumber(rest)
	if !ok || strings.HasSuffix(value[:len(value)-len(rest)], ".") {
		return nil, false
	}
	unit := time.Second
	if rest = strings.TrimRight(rest, space); rest != "" {
		if unit, ok = units[rest]; !ok {
			return nil, false
		}
	}
	t.Offset = time.Duration(sign) * length(number, unit)
	return t, true
}

// baseLength is how long the "ID.begin" or "ID.end" is that value begins with;
// 0 if with none.
func baseLength(value string) int {
	dot := strings.IndexByte(value, '.')
	if dot < 1 || !isIdentifier(value[:dot]) {
		return 0
	}
	for _, edge := range []string{".begin", ".end"} {
		if strings.HasPrefix(value[dot:], edge) {
			return dot + len(edge)
		}
	}
	return 0
}

// parseCount reads how often something repeats: a number, rounded. 0 is the
// default.
func parseCount(value string) (n int, ok bool) {
	number, rest, ok := leadingNumber(strings.TrimPrefix(value, "+"))
	if !ok || rest != "" {
		return 0, false
	}
	return int(math.Round(min(number, maxRepeats))), true
}

// parseSpeed reads a percentage above 0.
func parseSpeed(value string) (factor float64, ok bool) {
	number, rest, ok := leadingNumber(strings.TrimPrefix(value, "+"))
	if !ok || rest != "%" || number == 0 {
		return 0, false
	}
	return min(max(number/100, minSpeed), maxSpeed), true
}

// parseDecibels reads a level such as "+6dB".
func parseDecibels(value string, needsSign bool) (db float64, ok bool) {
	sign, signed, rest := leadingSign(value)
	number, rest, ok := leadingNumber(rest)
	if !ok || rest != "dB" || needsSign && !signed {
		return 0, false
	}
	return sign * number, true
}

// parseRate reads a percentage of a rate of speech. With a sign it is a change:
// "-20%" is "80%".
func parseRate(value string) (factor float64, ok bool) {
	sign, signed, rest := leadingSign(value)
	number, rest, ok := leadingNumber(rest)
	if !ok || rest != "%" {
		return 0, false
	}
	if factor = number / 100; signed {
		factor = 1 + sign*factor
	}
	return factor, true
}

// parsePitch reads a change of pitch: semitones with a sign, such as "-2st", or
// a percentage of the frequency, which is a change with a sign or without.
func parsePitch(value string) (semitones float64, ok bool) {
	sign, signed, rest := leadingSign(value)
	number, rest, ok := leadingNumber(rest)
	switch {
	case !ok:
		return 0, false
	case rest == "st" && signed:
		return sign * number, true
	case rest == "%":
		// Minus infinity from -100 % down, which a style's bounds catch.
		return 12 * math.Log2(max(0, 1+sign*number/100)), true
	}
	return 0, false
}
